"""Committed text names no machine, no package index, and says nothing of how it came to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.sources import project_files, text_of
from tests.repository.wording_rules import wording_findings

pytestmark = pytest.mark.foundation

SOMEWHERE = Path("docs/architecture.md")


def test_no_committed_text_names_a_machine_an_index_or_its_making() -> None:
    found = [line for path in project_files() for line in wording_findings(path, text_of(path))]
    assert found == []


@pytest.mark.parametrize(
    "pieces",
    [
        ("https://py", "pi.org/simple"),
        ("see files.python", "hosted.org"),
        ("deb http://deb.deb", "ian.org/debian bookworm main"),
        ("http://10.0.0.1/py", "pi/+simple"),
        ("https://packages.example/sim", "ple/"),
        ("--index-", "url http://packages.example"),
        ("--find-", "links /opt/wheels"),
        ("cd /wo", "rk/project"),
        ("'/ro", "ot/.cache'"),
        ("in /ho", "me/alex/console"),
        ("/Us", "ers/alex/console"),
        ("written by Clau", "de"),
        ("an L", "LM wrote it"),
        ("asked Chat", "GPT"),
        ("As an A", "I, it cannot"),
        ("AI", "-generated code".replace("generated", "gener" + "ated")),
        ("a helper ", "agent"),
        ("in the previous ", "session"),
    ],
)
def test_words_that_do_not_belong_are_found(pieces: tuple[str, str]) -> None:
    assert len(wording_findings(SOMEWHERE, "".join(pieces))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "A support agent opens the case in a new session.",
        "async with AsyncSession(engine) as session:",
        "the root of the tree, work/, home/",
        "https://stripe.com/docs and file:///tmp/x",
        "$HOME/.cache and {folder}/work/x",
        "email said details",
        "--hash=sha256:ab12",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert wording_findings(SOMEWHERE, text) == []
