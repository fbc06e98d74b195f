"""The window shows user text as text, and never waits inside a dialog."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.repository.sources import python_files, tree_of
from tests.repository.window_rules import SAFE_TEXT, window_findings

pytestmark = pytest.mark.foundation

SOMEWHERE = Path("hotmess_console/ui/queues/tickets.py")


def test_nothing_in_the_window_can_show_user_text_as_markup_or_block() -> None:
    window = python_files("hotmess_console")
    assert window
    assert [line for path in window for line in window_findings(path, tree_of(path))] == []


@pytest.mark.parametrize(
    "source",
    [
        "from PySide6.QtWidgets import QLabel",
        "from PySide6.QtWidgets import QMessageBox as Box",
        "label = QtWidgets.QLabel(ticket.subject)",
        "class Title(QLabel): pass",
        "button.setToolTip(ticket.subject)",
        "QToolTip.showText(point, ticket.subject)",
        "QInputDialog.getText(parent, 'Name', 'Name')",
        "QErrorMessage(parent)",
        "wanted = role == Qt.ItemDataRole.ToolTipRole",
        "view = QTextBrowser()",
        "document.setHtml(message)",
        "cursor.insertHtml(message)",
        "edit.appendHtml(message)",
        "document.setMarkdown(message)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "label.setTextFormat(Qt.AutoText)",
        "label.setTextFormat(Qt.TextFormat.MarkdownText)",
        "dialog.exec()",
        "menu.exec_(point)",
        "exec('print(1)')",
        "getattr(dialog, 'exec')()",
    ],
)
def test_a_way_around_the_safe_widgets_is_found(source: str) -> None:
    assert len(window_findings(SOMEWHERE, ast.parse(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "connection.execute(query)",
        "label.setTextFormat(Qt.TextFormat.PlainText)",
        "title = SafeLabel(ticket.subject)",
        "'''A comment on QLabel and exec() is no use of them.'''",
        "edit.setPlainText(message)",
    ],
)
def test_what_is_harmless_is_left_alone(source: str) -> None:
    assert window_findings(SOMEWHERE, ast.parse(source)) == []


def test_only_the_safe_text_module_may_use_the_bare_widgets_and_even_it_may_not_block() -> None:
    assert window_findings(SAFE_TEXT, ast.parse("from PySide6.QtWidgets import QLabel")) == []
    assert window_findings(SAFE_TEXT, ast.parse("dialog.exec()")) != []
