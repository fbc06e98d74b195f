"""What is installed is what was asked for, to the byte."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from tests.repository.requirement_rules import asked_for, locked, requirement_findings
from tests.repository.sources import ROOT, project_files

pytestmark = pytest.mark.foundation

FOLDER = ROOT / "requirements"


def asked() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.in")}


@pytest.mark.parametrize("name", ["app", "boot", "dev"])
def test_every_requirement_is_locked_with_hashes_within_its_range(name: str) -> None:
    pins = locked((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    assert pins
    assert requirement_findings(asked_for(asked(), f"{name}.in"), pins) == []


def test_tests_run_on_the_very_versions_that_are_shipped() -> None:
    shipped = locked((FOLDER / "app.txt").read_text(encoding="utf-8"))
    tested = locked((FOLDER / "dev.txt").read_text(encoding="utf-8"))
    assert {name: pin for name, pin in shipped.items() if tested.get(name) != pin} == {}


def test_pyside_is_held_where_it_keeps_its_references_and_the_reason_is_written_down() -> None:
    (pyside,) = [one for one in asked_for(asked(), "app.in") if one.name == "pyside6-essentials"]
    assert pyside.specifier == SpecifierSet(">=6.11.3,<6.12")
    (record,) = (ROOT / "docs" / "adr").glob("0001-*.md")
    assert "<6.12" in record.read_text(encoding="utf-8")


def test_no_lock_that_records_download_hosts_is_kept() -> None:
    assert [path for path in project_files() if path.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []


@pytest.mark.parametrize(
    ("wanted", "lock", "finding"),
    [
        ("a>=1", "", "a is asked for and not locked"),
        ("a>=2", "a==1.5 \\\n    --hash=sha256:00", "a is locked at 1.5, outside >=2"),
        ("a>=1", "a==1.5", "a is locked without a hash"),
        ("-r more.in", "a==1.5 \\\n    --hash=sha256:00", "b is asked for and not locked"),
    ],
)
def test_a_lock_that_does_not_hold_is_found(wanted: str, lock: str, finding: str) -> None:
    files = {"dev.in": wanted, "more.in": "b>=1  # because"}
    assert requirement_findings(asked_for(files, "dev.in"), locked(lock)) == [finding]
