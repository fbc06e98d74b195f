"""The papers lead where they say, and the README opens with what a newcomer needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, finding, project_files, text_of

pytestmark = pytest.mark.foundation

LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


def broken_links(paper: Path, text: str, existing: set[Path]) -> list[str]:
    """Links and pictures of a paper that lead to no file or folder of the project."""
    folders = {parent for path in existing for parent in path.parents}
    return [
        finding(paper, number, f"{target} leads nowhere")
        for number, line in enumerate(text.splitlines(), start=1)
        for target in LINK.findall(line)
        if not {within(paper.parent / target)} & (existing | folders)
    ]


def within(path: Path) -> Path:
    """The path without its `..` and `.` parts, still relative to the checkout."""
    return (ROOT / path).resolve().relative_to(ROOT)


def papers() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def test_every_link_and_picture_of_the_papers_is_there() -> None:
    existing = set(project_files())
    assert [line for path in papers() for line in broken_links(path, text_of(path), existing)] == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[one](adr/0001.md)", 0),
        ("[one](adr/)", 0),
        ("[up](../README.md#install)", 0),
        ("[web](https://example.org/x) and [here](#there)", 0),
        ("![picture](pictures/none.png)", 1),
        ("[gone](adr/0009.md)", 1),
    ],
)
def test_a_link_that_leads_nowhere_is_found(text: str, broken: int) -> None:
    existing = {Path("README.md"), Path("docs/adr/0001.md"), Path("docs/glossary.md")}
    assert len(broken_links(Path("docs/glossary.md"), text, existing)) == broken


def test_the_readme_opens_with_the_two_commands_and_a_picture() -> None:
    title, commands, picture = text_of(Path("README.md")).split("\n\n")[:3]
    assert title.startswith("# ")
    assert [line.split("#")[0].strip() for line in commands.splitlines()[1:-1]] == [
        "./dev demo",
        "./dev test",
    ]
    assert picture.startswith("![")


def test_the_readme_and_the_script_name_the_same_commands() -> None:
    script = text_of(Path("dev")).partition("cat <<'END'\n")[2].partition("\nEND\n")[0]
    in_script = set(re.findall(r"^  (\w+)", script, re.M))
    assert set(re.findall(r"^\| `\./dev (\w+)", text_of(Path("README.md")), re.M)) == in_script


def test_decisions_are_numbered_without_gaps_and_say_whether_they_hold() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        words = record.read_text(encoding="utf-8")
        assert words.startswith(f"# {int(record.name[:4])}. "), record.name
        assert re.search(r"^(Accepted|Superseded by \[)", words, re.M), record.name


def test_every_changelog_fragment_is_for_a_known_reader() -> None:
    settings = tomllib.loads(text_of(Path("pyproject.toml")))["tool"]["towncrier"]
    readers = {kind["directory"] for kind in settings["type"]}
    fragments = [path for path in project_files() if path.parts[0] == settings["directory"]]
    assert [path for path in fragments if path.name.split(".")[1] not in readers] == []


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    words = re.findall(r"^\| ([a-z][^|]*?) \|", text_of(Path("docs/glossary.md")), re.M)
    assert len(words) > 30
    assert words == sorted(set(words))
