"""Checks on the size and the names of source files: a file is one noun, a function one thought."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.repository.sources import finding

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"})
"""Names that say nothing, so that everything ends up in them."""


def size_findings(path: Path, source: str) -> list[str]:
    """The file, if it is too long, and each function in it that is."""
    lines = len(source.splitlines())
    found = []
    if lines > MOST_LINES_OF_A_FILE:
        found.append(finding(path, lines, f"{lines} lines, at most {MOST_LINES_OF_A_FILE}: split it by noun"))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_A_FUNCTION:
                what = f"{node.name} has {length} lines, at most {MOST_LINES_OF_A_FUNCTION}"
                found.append(finding(path, node.lineno, what))
    return found


def name_findings(path: Path) -> list[str]:
    """Each part of the path that is a drawer for anything."""
    parts = [*path.parts[:-1], path.name.split(".")[0]]
    words = {word for part in parts for word in part.lower().strip("_").split("_")}
    return [finding(path, 1, f"“{word}” says nothing: name the noun") for word in sorted(words & DRAWERS)]
