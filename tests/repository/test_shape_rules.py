"""Files and functions stay short enough to read, and carry the name of what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.shape_rules import name_findings, size_findings
from tests.repository.sources import ROOT, project_files, python_files, text_of

pytestmark = pytest.mark.foundation

SOMEWHERE = Path("hotmess_console/services/support.py")
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "README.md",
    "benchmarks",
    "changelog.d",
    "dev",
    "docs",
    "hotmess_console",
    "installers",
    "pyproject.toml",
    "requirements",
    "resources",
    "tests",
}


def test_no_file_and_no_function_is_too_long() -> None:
    files = python_files()
    assert len(files) > 20
    assert [line for path in files for line in size_findings(path, text_of(path))] == []


def test_no_file_is_a_drawer_for_anything() -> None:
    assert [line for path in project_files() for line in name_findings(path)] == []


def test_the_top_level_holds_only_what_the_architecture_names() -> None:
    assert {path.parts[0] for path in project_files()} <= TOP_LEVEL
    assert (ROOT / "dev").stat().st_mode & 0o111, "./dev cannot be executed"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("x = 1\n" * 400, 0),
        ("x = 1\n" * 401, 1),
        ("def f():\n" + "    x = 1\n" * 59, 0),
        ("def f():\n" + "    x = 1\n" * 60, 1),
        ("async def f():\n" + "    x = 1\n" * 60, 1),
        ("class C:\n    def f(self):\n" + "        x = 1\n" * 60, 1),
    ],
)
def test_lengths_are_counted_to_the_line(source: str, count: int) -> None:
    assert len(size_findings(SOMEWHERE, source)) == count


@pytest.mark.parametrize(
    "path",
    [
        "hotmess_console/ui/utils.py",
        "hotmess_console/ui/helpers/text.py",
        "hotmess_console/ui/text_helpers.py",
        "hotmess_console/services/case_manager.py",
        "tests/common.py",
        "hotmess_console/_misc.py",
    ],
)
def test_a_drawer_is_found_by_its_name(path: str) -> None:
    assert len(name_findings(Path(path))) == 1


def test_a_noun_is_a_good_name() -> None:
    assert name_findings(Path("hotmess_console/domain/communications.py")) == []
