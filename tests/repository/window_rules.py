"""Checks that user text cannot become markup in the window, and that no dialog blocks the event loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.repository.sources import finding

SAFE_TEXT = Path("hotmess_console/ui/widgets/safe_text.py")
"""The one module that may touch these: everything else goes through what it offers."""

GUESSES_MARKUP = frozenset(
    {
        "QErrorMessage",
        "QInputDialog",
        "QLabel",
        "QMessageBox",
        "QProgressDialog",
        "QTextBrowser",
        "QToolTip",
        "QWhatsThis",
        "ToolTipRole",
        "WhatsThisRole",
        "setToolTip",
        "setWhatsThis",
    }
)
"""These show text that merely looks like HTML as HTML."""

MAKES_MARKUP = frozenset(
    {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "insertMarkdown", "setDefaultStyleSheet"}
    | {"RichText", "AutoText", "MarkdownText"}
)
"""These ask for markup."""

BLOCKS = frozenset({"exec", "exec_"})
"""Under qasync a nested event loop stops other tasks for good (decision 30)."""

REASONS = {
    **dict.fromkeys(GUESSES_MARKUP, "may show user text as markup: use ui/widgets/safe_text"),
    **dict.fromkeys(MAKES_MARKUP, "turns text into markup: user text is never interpreted"),
    **dict.fromkeys(BLOCKS, "blocks the event loop: open the dialog and await it"),
}


def window_findings(path: Path, tree: ast.Module) -> list[str]:
    """What in this module could interpret user text (the safe-text module may) or block."""
    names = set(BLOCKS) if path == SAFE_TEXT else set(REASONS)
    return [finding(path, line, f"{name} {REASONS[name]}") for line, name in _names_used(tree) if name in names]


def _names_used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom | ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.Constant) and node.value in BLOCKS | MAKES_MARKUP | GUESSES_MARKUP:
            yield node.lineno, str(node.value)  # getattr(dialog, "exec") and the like
