"""The console against the operations manual itself, where it lies beside the project."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from hotmess_console.domain.policy import escalation
from hotmess_console.domain.policy.targets import MANUAL_ROWS
from hotmess_console.domain.policy.workflow import WORDS
from hotmess_console.services.resources import folder

pytestmark = pytest.mark.foundation

PLACE = Path(__file__).parents[4] / "shared" / "manual" / "operations-manual.md"
FILES = {
    "Acknowledgment": "acknowledgment",
    "Resolution": "resolution",
    "Refund Confirmation": "refund-confirmation",
    "Account Suspension Notice": "suspension-notice",
    "Report Acknowledgment": "report-acknowledgment",
}


@pytest.fixture(scope="module")
def manual() -> str:
    """The manual's text."""
    if not PLACE.is_file():
        pytest.skip("the operations manual does not lie beside this project, so nothing can be compared with it")
    return PLACE.read_text(encoding="utf-8")


def section(manual: str, heading: str) -> str:
    """What stands under a heading, up to the next one of the same rank."""
    rank = heading.partition(" ")[0]
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(rank)}}} |\Z)", manual, re.M | re.S)
    assert found is not None, heading
    return found[1]


@pytest.mark.parametrize("name", FILES)
def test_a_template_says_exactly_what_the_manual_says(manual: str, name: str) -> None:
    words = section(manual, "## Communication Templates")
    found = re.search(rf"\*\*{re.escape(name)}:\*\*\n```\n(.*?)\n```", words, re.S)
    assert found is not None
    shipped = tomllib.loads((folder() / "templates" / f"{FILES[name]}.toml").read_text(encoding="utf-8"))
    assert shipped["body"] == found[1]
    assert shipped["name"] == name


def test_the_manual_has_these_five_templates_and_no_other(manual: str) -> None:
    words = section(manual, "## Communication Templates")
    assert set(re.findall(r"\*\*(.+?):\*\*\n```", words)) == set(FILES)


def test_categories_priorities_and_times_are_the_manuals_table(manual: str) -> None:
    table = section(manual, "### Ticket Categories & Response Times")
    found = {}
    for category, priority, times in re.findall(r"^\| (\w+) \| (\w+) \| ([\d-]+) hours? \|$", table, re.M):
        first, _, last = times.partition("-")
        found[category.lower()] = (priority.lower(), timedelta(hours=int(first)), timedelta(hours=int(last or first)))
    assert found == {c.value: (t.priority.value, t.due, t.breach) for c, t in MANUAL_ROWS.items()}
    assert len(found) == 6


def test_the_reasons_of_each_level_are_the_manuals(manual: str) -> None:
    levels = section(manual, "### Escalation Procedures")
    for number, (level, name) in enumerate(escalation.NAME_OF.items(), 1):
        found = re.search(rf"\*\*Level {number} \((.+?)\)\*\*\n((?:- .+\n?)+)", levels)
        assert found is not None
        assert found[1].casefold() == name.casefold()
        listed = [line.removeprefix("- ") for line in found[2].splitlines()]
        assert listed == [criterion.words for criterion in escalation.reasons_for(level)]


def test_the_steps_of_the_workflow_have_the_manuals_names(manual: str) -> None:
    steps = section(manual, "### Ticket Workflow").casefold()
    for word in ("in progress", "waiting", "resolved", "close"):
        assert word in steps
        assert any(known.casefold().startswith(word) for known in WORDS.values())
