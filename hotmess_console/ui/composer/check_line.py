"""The line between text and buttons: what keeps the message back, what to look at twice, or that it is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.domain.risk import Remark
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.icon import IconView
from hotmess_console.ui.widgets.safe_text import SafeLabel

_HEIGHT = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to say about a draft. `blocks`: it cannot be sent like this; `hint` is what to do."""

    words: str
    hint: str = ""
    blocks: bool = False
    icon: str = "info"
    role: str = "muted"


def blocked(words: str, hint: str = "") -> Verdict:
    """Return that the draft cannot be sent, why, and what to do."""
    return Verdict(words, hint, True, "circle-alert", "warn_text")


def judged(remarks: Sequence[Remark], *, slots: int, note: bool) -> Verdict:
    """Return what to say of a draft that may be sent: remarks warn and never block."""
    if remarks:
        more = f" And {len(remarks) - 1} more to look at." if len(remarks) > 1 else ""
        return Verdict(remarks[0].words + more, "You may send it all the same.", False, "triangle-alert", "warn_text")
    if note:
        return Verdict("Ready. Only colleagues will read this.", "", False, "circle-check", "ok_text")
    start = "Ready. Every placeholder is filled; nothing" if slots else "Ready. Nothing"
    return Verdict(f"{start} risky found.", "", False, "circle-check", "ok_text")


def told_first(news: str) -> Verdict:
    """Return that others did something since the draft was begun; sending stops once for it."""
    return Verdict(f"New since you began: {news}.", "Read it before you send.", False, "bell", "warn_text")


def on_its_way(*, note: bool) -> Verdict:
    """Return that what was sent from here is not confirmed, so that nobody writes it twice."""
    what = "note" if note else "reply"
    hint = "It goes in by itself when the database answers: do not write it again."
    return Verdict(f"Your {what} is on its way and not confirmed.", hint, False, "clock", "warn_text")


class CheckLine(QWidget):
    """Shows one verdict, and at the right whether the draft is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = IconView("info", 14)
        self.words = SafeLabel(step="small", role="muted", weight=500, elide=True)
        self.hint = SafeLabel(step="small", role="muted", elide=True)
        self.kept = SafeLabel(step="small", role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(SPACE["m"]), 0, px(SPACE["m"]), 0)
        row.setSpacing(px(6))
        for part in (self.sign, self.words, self.hint):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.kept)
        self.setFixedHeight(px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_verdict(self, verdict: Verdict, *, kept: bool) -> None:
        """Say this; `kept` draws in that nothing typed would be lost."""
        self.sign.set_icon(verdict.icon, verdict.role)
        self.words.set_text(verdict.words)
        self.words.set_role("body" if verdict.role == "ok_text" else verdict.role)
        self.hint.set_text(verdict.hint)
        self.kept.set_text("Draft kept until you close" if kept else "")
        self.setAccessibleName(f"{verdict.words} {verdict.hint}".strip())
