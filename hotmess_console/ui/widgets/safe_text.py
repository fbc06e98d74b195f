"""The only module that hands text to Qt's labels and tips: always plain, always cleaned first."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHelpEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from hotmess_console.domain.safe_text import LINE_LIMIT, MESSAGE_LIMIT, clean, clean_line, isolate
from hotmess_console.ui.theme import paint
from hotmess_console.ui.theme.fonts import font, line_height, px
from hotmess_console.ui.theme.style import colour
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.message_text import SafeText

__all__ = [
    "SafeLabel",
    "SafeText",
    "clean",
    "clean_line",
    "hide_tip",
    "isolate",
    "set_safe_tooltip",
    "show_tip",
]

_TIP_AFTER_MS = 10_000
_UNBOUNDED = 16_000_000


class SafeLabel(QLabel):
    """Plain words in one step and role; one line that may be cut with ``…``, or several that wrap.

    It paints the words itself, so nothing in them is ever read as markup, and long words break instead of
    being clipped. The accessible name is the whole text, also where only part of it fits.
    """

    def __init__(
        self,
        text: str = "",
        step: str = "body",
        role: str = "body",
        *,
        weight: int | None = None,
        wrap: bool = False,
        elide: bool = False,
        limit: int | None = None,
        break_before: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.step, self.role, self.align = step, role, align
        self._wrap, self._elide = wrap, elide
        self.break_before = break_before
        """Signs before which a long word without blanks may go on in the next line."""
        self._limit = limit or (MESSAGE_LIMIT if wrap else LINE_LIMIT)
        self._laid: tuple[int, tuple[int, int, QTextLayout]] | None = None
        self.setFont(font(step, weight))
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred if wrap or elide else QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed,
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show this text instead, cleaned and capped."""
        self._show(clean(text, self._limit) if self._wrap else clean_line(text, self._limit))

    def set_parts(self, *parts: str) -> None:
        """Show several texts in a row, each unable to reorder the others."""
        self._show("".join(isolate(part, self._limit) for part in parts))

    def set_role(self, role: str) -> None:
        """Change the colour to that of another role."""
        self.role = role
        self.update()

    def _show(self, shown: str) -> None:
        if shown == self.text():
            return
        self.setText(shown)
        self.setAccessibleName(shown)
        self._laid = None
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wanted = self._layout_for(px(480) if self._wrap else 0)
        return QSize(wanted[0], wanted[1])

    def minimumSizeHint(self) -> QSize:
        if not (self._wrap or self._elide):
            return self.sizeHint()
        few = self.fontMetrics().horizontalAdvance("…") + px(24)
        return QSize(min(few, self.sizeHint().width()), line_height(self.step))

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        return self._layout_for(width)[1] if self._wrap else line_height(self.step)

    def _layout_for(self, width: int) -> tuple[int, int, QTextLayout]:
        """Width, height and layout of the text in lines of at most `width` pixels (0: no bound)."""
        if self._laid is None or self._laid[0] != width:
            self._laid = (width, _lay(self, width))
        return self._laid[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colour(self.role))
        area = self.contentsRect()
        if self._wrap:
            _width, height, layout = self._layout_for(area.width())
            layout.draw(painter, area.topLeft() + QPoint(0, max(0, (area.height() - height) // 2)))
        else:
            paint.words(painter, area, self.text(), self.font(), colour(self.role), self.align)
        painter.end()


def _lay(label: SafeLabel, width: int) -> tuple[int, int, QTextLayout]:
    # Qt breaks lines inside a layout only at its own separator.
    words = label.text().replace("\n", "\u2028")
    for sign in label.break_before:
        words = words.replace(sign, "\u200b" + sign)
    layout = QTextLayout(words, label.font())
    option = QTextOption(label.align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    step, top, widest = line_height(label.step), 0, 0.0
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(width or _UNBOUNDED)
        # Leading above and below alike, as the tokens ask; a taller script pushes the lines apart.
        high = max(step, round(line.height()))
        line.setPosition(QPoint(0, top + (high - round(line.height())) // 2))
        top, widest = top + high, max(widest, line.naturalTextWidth())
        line = layout.createLine()
    layout.endLayout()
    return ceil(widest) + 1, max(top, step), layout


class _Tip(SafeLabel):
    """The small panel of a tip; one exists at a time."""

    def __init__(self) -> None:
        super().__init__(step="small", wrap=True, limit=LINE_LIMIT * 2)
        self.setWindowFlags(Qt.WindowType.ToolTip)
        self.setMargin(0)
        self.setContentsMargins(px(SPACE["s"]), px(6), px(SPACE["s"]), px(6))
        self._timer = QTimer(self, singleShot=True, interval=_TIP_AFTER_MS)
        self._timer.timeout.connect(self.hide)

    def show_at(self, text: str, at: QPoint) -> None:
        """Show the text below the pointer, wholly on its screen."""
        self.set_text(text)
        margins = self.contentsMargins()
        inner = min(self.sizeHint().width(), px(360))
        self.resize(
            inner + margins.left() + margins.right(),
            self.heightForWidth(inner) + margins.top() + margins.bottom(),
        )
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = min(at.x(), room.right() - self.width())
        top = at.y() + px(18)
        if top + self.height() > room.bottom():
            top = at.y() - self.height() - px(SPACE["xs"])
        self.move(max(room.left(), left), max(room.top(), top))
        self.show()
        self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        painter.fillRect(self.rect(), colour("raised"))
        paint.frame(painter, self.rect(), 0, colour("raised"), colour("line_strong"))
        painter.end()
        super().paintEvent(event)


class _TipFilter(QObject):
    """Answers a widget's wish for a tip; lives and dies with the widget."""

    shown: _Tip | None = None

    def __init__(self, widget: QWidget, text: str) -> None:
        super().__init__(widget)
        self.text = text
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(self.text, event.globalPos())
            return True
        if event.type() in _ENDS_TIP:
            hide_tip()
        return False


_ENDS_TIP = frozenset(
    {
        QEvent.Type.Leave,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.KeyPress,
        QEvent.Type.Hide,
        QEvent.Type.WindowDeactivate,
    }
)


def set_safe_tooltip(widget: QWidget, text: str) -> None:
    """Give the widget a plain tip (cleaned and capped), also as its accessible description.

    An empty text takes the tip away.
    """
    shown = clean(text, LINE_LIMIT * 2)
    widget.setAccessibleDescription(shown)
    tip = widget.findChild(_TipFilter, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if tip is None:
        _TipFilter(widget, shown)
    else:
        tip.text = shown


def show_tip(text: str, at: QPoint) -> QWidget | None:
    """Show a tip near a point of the screen, and return its panel; nothing for empty text."""
    if not text:
        hide_tip()
        return None
    if _TipFilter.shown is None:
        _TipFilter.shown = _Tip()
    _TipFilter.shown.show_at(text, at)
    return _TipFilter.shown


def hide_tip() -> None:
    """Take the tip away, if there is one."""
    if _TipFilter.shown is not None:
        _TipFilter.shown.hide()
