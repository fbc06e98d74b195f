"""Every proof says which issue it belongs to, so that none is forgotten when that issue is closed."""

from __future__ import annotations

import ast
import tomllib

import pytest

from tests.repository.sources import ROOT, python_files, tree_of

pytestmark = pytest.mark.foundation


def issue_markers() -> set[str]:
    """The declared markers, less `slow`, which says how long a proof takes and not what it proves."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared: list[str] = settings["tool"]["pytest"]["ini_options"]["markers"]
    return {line.split(":")[0] for line in declared} - {"slow"}


def module_markers(tree: ast.Module) -> set[str]:
    """The names of the marks in the module's `pytestmark`."""
    assigned = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and node.value is not None
        and "pytestmark"
        in {ast.unparse(target) for target in getattr(node, "targets", [getattr(node, "target", None)])}
    ]
    parts = {node for value in assigned for node in ast.walk(value) if isinstance(node, ast.Attribute)}
    return {node.attr for node in parts if ast.unparse(node.value) == "pytest.mark"}


def test_every_test_file_names_its_issue() -> None:
    files = [path for path in python_files("tests") if path.name.startswith("test_")]
    assert files
    assert [path.as_posix() for path in files if not module_markers(tree_of(path)) & issue_markers()] == []


@pytest.mark.parametrize(
    ("source", "markers"),
    [
        ("pytestmark = pytest.mark.foundation", {"foundation"}),
        ("pytestmark = [pytest.mark.foundation, pytest.mark.slow]", {"foundation", "slow"}),
        ("pytestmark: object = pytest.mark.foundation", {"foundation"}),
        ("@pytest.mark.foundation\ndef test_x() -> None: ...", set()),
        ("def f():\n    pytestmark = pytest.mark.foundation", set()),
        ("", set()),
    ],
)
def test_only_a_mark_on_the_whole_module_counts(source: str, markers: set[str]) -> None:
    assert module_markers(ast.parse(source)) == markers
