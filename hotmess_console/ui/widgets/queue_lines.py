"""Where the words of a queue row stand: elided and laid out once, then only drawn."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText, QTextLayout, QTransform

from hotmess_console.domain.policy.countdown import DueState
from hotmess_console.ui.theme.fonts import current_scale, font
from hotmess_console.ui.theme.tokens import WIDTH
from hotmess_console.ui.viewmodels.queue_rows import Row

# Anatomy in design pixels (the window multiplies by the system's scale).
MARK_X, TEXT_X, RIGHT_PAD, GAP = 14, 40, 14, 12
BAR = 3
WHO_COMPACT, DUE_COMPACT, DUE_MOST = 64, 88, 136
WIDE_COLUMNS = (("category", 84), ("status", 100), ("due", 100), ("level", 34), ("who", 62))
RING = 14
_BASELINES = {0: 24.0, 1: 42.0, -1: 32.0}  # first line, second, and a column of one line
DANGER_MARK = "Danger?"
"""What stands before the words of a case that may be about danger."""
_LAYOUTS_KEPT = 600
_DUE_ROLE = {
    DueState.OVER: "warn_text",
    DueState.SOON: "warn_text",
    DueState.PAUSED: "muted",
    DueState.DONE: "muted",
}
_FONTS = {
    "subject": ("row", 500),
    "unread": ("row", 600),
    "small": ("small", 400),
    "strong": ("small", 600),
    "chip": ("micro", 600),
}


@dataclass(slots=True)
class Ink:
    """Words of one font and colour role, each with its place."""

    font: QFont
    role: str
    words: list[tuple[QPointF, QStaticText]] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """A row laid out for one width: its inks, where the status ring stands, and the chip of a cluster."""

    row: Row
    inks: list[Ink]
    ring: QPointF
    chip: QRectF | None = None


class RowLines:
    """Lays rows out and keeps the layouts: one per case and width, until what the row says changes."""

    def __init__(self) -> None:
        self.scale = current_scale()
        self.fonts = {name: font(step, weight) for name, (step, weight) in _FONTS.items()}
        self.metrics = {name: QFontMetricsF(made) for name, made in self.fonts.items()}
        self._kept: OrderedDict[tuple[object, int], Layout] = OrderedDict()

    def is_wide(self, width: int) -> bool:
        """Whether a row of `width` pixels shows columns rather than two lines."""
        return width >= WIDTH["wide_row_from"][0] * self.scale

    def of(self, row: Row, width: int) -> Layout:
        """The layout of `row`, `width` pixels wide; made only if the row's words or the width are new."""
        key = (row.id, width)
        found = self._kept.get(key)
        if found is not None and (found.row is row or found.row == row):
            self._kept.move_to_end(key)
            return found
        made = self._kept[key] = _Page(self, row, width).layout()
        self._kept.move_to_end(key)
        if len(self._kept) > _LAYOUTS_KEPT:
            self._kept.popitem(last=False)
        return made


def chip_words(row: Row) -> str:
    """What the chip of a cluster says."""
    return f"{row.count} near-identical"


class _Page:
    """One row being laid out."""

    def __init__(self, lines: RowLines, row: Row, width: int) -> None:
        self._lines, self._row = lines, row
        self._width = width / lines.scale  # in design pixels from here on
        self._inks: dict[tuple[str, str], Ink] = {}

    def layout(self) -> Layout:
        scale = self._lines.scale
        ring, chip = self._wide() if self._lines.is_wide(round(self._width * scale)) else self._compact()
        if chip is not None:
            chip = QRectF(chip.x() * scale, chip.y() * scale, chip.width() * scale, chip.height() * scale)
        return Layout(self._row, list(self._inks.values()), ring * scale, chip)

    def _wide(self) -> tuple[QPointF, QRectF | None]:
        row, x = self._row, dict(self._columns())
        room = x["category"] - TEXT_X - GAP
        chip_width = self._chip_width()
        used = self._subject(room - (chip_width + 8 if chip_width else 0))
        used_below = self._put("small", "muted", row.reference, TEXT_X, 1, room)
        self._snippet(TEXT_X + used_below + 8, room - used_below - 8)
        self._put("small", "body", row.category, x["category"], -1, 78)
        self._put("small", "body", row.status_title, x["status"] + RING + 6, -1, 78)
        self._put("strong", self._due_role(), row.due, x["due"], 0, 98)
        self._put("small", "muted", row.due_at, x["due"], 1, 98)
        self._put("small", "muted", row.level, x["level"], -1, 28)
        chip = QRectF(TEXT_X + used + 8, 10, chip_width, 18) if chip_width else None
        return QPointF(x["status"], 21), chip

    def _columns(self) -> Iterator[tuple[str, float]]:
        left: float = self._width - RIGHT_PAD
        for name, width in reversed(WIDE_COLUMNS):
            left -= width
            yield name, left

    def _compact(self) -> tuple[QPointF, QRectF | None]:
        row = self._row
        right = self._width - RIGHT_PAD - WHO_COMPACT
        due = self._put("strong", self._due_role(), row.due, right - DUE_MOST, 0, DUE_MOST, right=True)
        due_at = self._put("small", "muted", row.due_at, right - DUE_MOST, 1, DUE_MOST, right=True)
        # A long "Overdue 25 min" takes its room from the subject: a time that is cut tells nothing.
        room = right - max(DUE_COMPACT, due, due_at) - TEXT_X - GAP
        self._subject(room)
        after: float = RING + 4
        meta = " · ".join(filter(None, (row.category, row.level)))
        after += self._put("small", "body", meta, TEXT_X + after, 1, room - after) + 8
        chip_width = self._chip_width()
        if not chip_width:  # a cluster shows its size where others show how they begin
            self._snippet(TEXT_X + after, room - after)
        chip = QRectF(TEXT_X + after, 29, chip_width, 18) if chip_width else None
        return QPointF(TEXT_X, 31), chip

    def _subject(self, room: float) -> float:
        name, role = ("unread", "text") if self._row.unread else ("subject", "body")
        return self._put(name, role, self._row.subject, TEXT_X, 0, room)

    def _snippet(self, x: float, room: float) -> None:
        notice = self._row.notice
        if self._row.asks_danger:
            used = self._put("strong", "warn_text", DANGER_MARK, x, 1, room) + 8
            x, room = x + used, room - used
        if self._row.draft and not notice:
            used = self._put("small", "gold_text", self._row.draft, x, 1, room) + 8
            x, room = x + used, room - used
        self._put("small", "warn_text" if notice else "muted", notice or self._row.snippet, x, 1, room)

    def _due_role(self) -> str:
        return "danger_text" if self._row.late_and_grave else _DUE_ROLE.get(self._row.due_state, "body")

    def _chip_width(self) -> float:
        if self._row.kind != "cluster":
            return 0.0
        return self._lines.metrics["chip"].horizontalAdvance(chip_words(self._row)) / self._lines.scale + 14

    def _put(self, name: str, role: str, words: str, x: float, line: int, room: float, *, right: bool = False) -> float:
        """Elide to `room`, prepare and keep; give the width used, all in design pixels."""
        if not words or room < 12:
            return 0.0
        scale, metrics = self._lines.scale, self._lines.metrics[name]
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room * scale)
        used = metrics.horizontalAdvance(shown) / scale
        static = QStaticText(shown)
        static.setTextFormat(Qt.TextFormat.PlainText)  # a stranger's words are never markup
        static.prepare(QTransform(), self._lines.fonts[name])
        ink = self._inks.setdefault((name, role), Ink(self._lines.fonts[name], role))
        left = x + (room - used if right else 0)
        ink.words.append(
            (
                QPointF(left * scale, _BASELINES[line] * scale - _ascent(shown, self._lines.fonts[name], metrics)),
                static,
            )
        )
        return used


def _ascent(words: str, letters: QFont, metrics: QFontMetricsF) -> float:
    """Pixels from the top of the laid out words to their baseline: other scripts bring taller fonts."""
    if words.isascii():
        return metrics.ascent()
    layout = QTextLayout(words, letters)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return line.ascent()
