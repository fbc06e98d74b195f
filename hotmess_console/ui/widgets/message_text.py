"""What somebody wrote, to read, select and copy; nothing in it acts by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from hotmess_console.domain.safe_text import MESSAGE_LIMIT, Link, clean, links
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import font, line_height, px
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.theme.tokens import RADIUS


class SafeText(QTextEdit):
    """Plain text as tall as its content. `link_asked(url, host)` asks the owner to ask before opening.

    After an address whose words do not show where it leads, the real host stands in ASCII: ``[host]``.
    """

    link_asked = Signal(str, str)

    def __init__(
        self, text: str = "", step: str = "body", role: str = "body", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.step, self.role = step, role
        self._heights: dict[int, int] = {}
        self._links: tuple[Link, ...] = ()
        self.setAcceptRichText(False)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextEdit, QTextEdit:focus { background: transparent; border: none; padding: 0; }")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(font(step))
        self.document().setDocumentMargin(0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._dress)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show this text instead; it is cleaned and capped, and its addresses are made visible."""
        shown, self._links = displayed(text)
        self.setPlainText(shown)
        self.setAccessibleName(shown)
        self._dress()
        self.updateGeometry()

    def _dress(self) -> None:
        self._heights.clear()
        spacing = QTextBlockFormat()
        spacing.setLineHeight(line_height(self.step), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        words = QTextCharFormat()
        words.setForeground(colour(self.role))
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(spacing)
        cursor.mergeCharFormat(words)
        # One edit for all of them: the document is laid out again after every edit.
        cursor.beginEditBlock()
        for link, start, end in _placed(self.document().toPlainText(), self._links):
            self._dress_link(cursor, link, start, end)
        cursor.endEditBlock()

    def _dress_link(self, cursor: QTextCursor, link: Link, start: int, end: int) -> None:
        look = QTextCharFormat()
        look.setForeground(colour("info_text"))
        look.setFontUnderline(True)
        look.setFontWeight(QFont.Weight.Medium)
        look.setAnchor(True)
        look.setAnchorHref(link.url)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(look)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            measured = self.document().clone()
            measured.setTextWidth(width)
            self._heights = {width: ceil(measured.size().height()) + 1}
        return self._heights[width]

    def sizeHint(self) -> QSize:
        wide = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else px(480)
        return QSize(min(wide, px(480)), self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), line_height(self.step))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        address = self.anchorAt(event.position().toPoint())
        if address and event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._ask(address)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        address = self.textCursor().charFormat().anchorHref()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and address:
            self._ask(address)
            return
        super().keyPressEvent(event)

    def _ask(self, address: str) -> None:
        found = [link for link in self._links if link.url == address]
        if found:
            self.link_asked.emit(found[0].url, found[0].host)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy words only: what is pasted elsewhere must not carry a hidden address."""
        copied = QMimeData()
        copied.setText(self.textCursor().selection().toPlainText())
        return copied

    def copy_all(self) -> None:
        """Put the whole shown text on the clipboard."""
        QGuiApplication.clipboard().setText(self.toPlainText())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint.focus_ring(painter, self.viewport().rect(), px(RADIUS["chip"]))
            painter.end()


def displayed(text: str) -> tuple[str, tuple[Link, ...]]:
    """The words that are shown for a text, and where its links stand in them."""
    shown, marked, shift = clean(text, MESSAGE_LIMIT), [], 0
    for link in links(shown):
        note = "" if _shows_host(link) else f" [{link.host}]"
        at = link.end + shift
        shown = shown[:at] + note + shown[at:]
        marked.append(Link(link.start + shift, at, link.url, link.host))
        shift += len(note)
    return shown, tuple(marked)


def _shows_host(link: Link) -> bool:
    after_scheme = link.url.split("//", 1)[1].lower()
    return after_scheme == link.host or after_scheme.startswith((link.host + "/", link.host + "?", link.host + "#"))


def _placed(text: str, links: Iterable[Link]) -> Iterator[tuple[Link, int, int]]:
    """Each link with its start and end in Qt's units; counts every letter of the text once, not once a link."""
    at = units = 0
    for link in links:
        start = units + _units(text[at : link.start])
        units = start + _units(text[link.start : link.end])
        at = link.end
        yield link, start, units


def _units(text: str) -> int:
    """How many UTF-16 units Qt counts for this text."""
    return len(text.encode("utf-16-le")) // 2
