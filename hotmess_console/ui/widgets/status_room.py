"""Who gives room in the status bar: facts that can be spared step aside before words that matter are cut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.widgets.safe_text import SafeLabel

_LEAST = 120
"""So much of the words that were told stays readable, in design pixels, before the words after them are cut."""


class Yielding:
    """Parts that show one fact. `wanted` while it has something to say, `needed` while it may not step aside."""

    def __init__(self, *parts: QWidget, wanted: bool = False) -> None:
        self.parts, self.wanted, self.needed = parts, wanted, False

    def width(self, gap: int) -> int:
        """The room it takes, each of its parts with a gap behind."""
        return sum(part.sizeHint().width() + gap for part in self.parts)

    def show(self, shown: bool) -> None:
        """Show the parts or not; what is right already is not touched, since that would be laid out anew."""
        for part in self.parts:
            if part.isHidden() is shown:
                part.setVisible(shown)


def share_out(row: QHBoxLayout, width: int, facts: Sequence[Yielding], told: SafeLabel, hint: SafeLabel) -> None:
    """Fit the row into `width`: `facts` step aside in their order, then what was told is cut, at last the hint."""
    gap = row.spacing()
    short = _without(row, facts) + sum(fact.width(gap) for fact in facts if fact.wanted) - width
    for fact in facts:
        spared = short > 0 and fact.wanted and not fact.needed
        short -= fact.width(gap) if spared else 0
        fact.show(fact.wanted and not spared)
    from_told = max(0, told.sizeHint().width() - px(_LEAST))
    _least(hint, hint.sizeHint().width() - max(0, short - from_told))


def _least(label: SafeLabel, width: int) -> None:
    if label.minimumWidth() != max(0, width):
        label.setMinimumWidth(max(0, width))


def _without(row: QHBoxLayout, facts: Sequence[Yielding]) -> int:
    """The width in which nothing of the row is cut, without the facts that may step aside."""
    margins, gap = row.contentsMargins(), row.spacing()
    theirs = {part for fact in facts for part in fact.parts}
    mine = [part for at in range(row.count()) if (item := row.itemAt(at)) and (part := item.widget())]
    wide = sum(part.sizeHint().width() + gap for part in mine if part not in theirs and not part.isHidden())
    return margins.left() + margins.right() + wide
