"""Handing a case up or down: to which level, for which of the manual's reasons, and who will be told by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.escalation import NAME_OF, ROLE_OF, reasons_for
from hotmess_console.domain.values import Level, Login
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import FIGURES, KeyedSheet, numbered
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Step:
    """Where to, for which of the manual's reasons (empty on the way down), and why in one's own words."""

    to: Level
    criterion: str
    reason: str


class LevelSheet(KeyedSheet):
    """A figure picks the reason, then one sentence is written, Enter hands over. Answers a `Step`."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        choices: list[Choice],
        told: Callable[[Level], str],
        *,
        words: str,
        icon: str,
        action: str,
    ) -> None:
        super().__init__(window, title, words, icon=icon, width=600, action=action)
        self._told = told
        self.list = ChoiceList("Level and reason", by_letters=True)
        self.told = SafeLabel(step="small", role="gold_text", weight=500, wrap=True)
        self.reason = Field("Reason, in one sentence", hint="Why? One sentence for the colleagues", limit=REASON_LIMIT)
        self.list.lit.connect(lambda _value: self._show_told())
        self.list.chosen.connect(lambda _value: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.reason.textChanged.connect(lambda _text: self.refresh())
        self.list.set_choices(numbered(choices))
        for part in (self.list, self.told, self.reason):
            self.body.addWidget(part)
        self._show_told()
        self.refresh()

    def _show_told(self) -> None:
        chosen = self.list.current()
        self.told.set_text(self._told(chosen[0]) if chosen else "")

    def why_not(self) -> str:
        return "" if self.reason.text().strip() else "Write the reason first."

    def result(self) -> object:
        level, criterion = self.list.current()
        return Step(level, criterion, self.reason.text().strip())

    def focus_first(self) -> None:
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.reason.hasFocus() and event.text() and event.text() in FIGURES:
            self.list.choose_key(event.text())
            return
        super().keyPressEvent(event)


def told_words(staff: Staff, me: Login, level: Level) -> str:
    """Return who gets a notice when a case goes up to `level`, by name."""
    names = [person.name for person in staff.at_level(ROLE_OF[level]) if person.login != me]
    if not names:
        return f"Nobody else is at level {int(level)} ({NAME_OF[level]}): nobody will be told."
    return f"Will be told: {', '.join(names)}."


def level_words(level: Level) -> str:
    """Return a level as a heading: "Level 2 · Senior support"."""
    return f"Level {int(level)} · {NAME_OF[level]}"


def escalations(start: Level) -> list[Choice]:
    """Return the manual's reasons for each level above `start`."""
    return [
        Choice((level, criterion.id), criterion.words, section=level_words(level))
        for level in Level
        if level > start
        for criterion in reasons_for(level)
    ]


def returns(start: Level) -> list[Choice]:
    """Return the levels below `start`."""
    return [Choice((level, ""), level_words(level)) for level in reversed(Level) if level < start]


async def ask_escalation(window: QWidget, staff: Staff, me: Login, *, what: str, start: Level) -> Step | None:
    """Ask to which level above `start` `what` goes, and why."""
    sheet = LevelSheet(
        window,
        f"Escalate {what}",
        escalations(start),
        lambda level: told_words(staff, me, level),
        words="It becomes free for that level's people. A figure picks the reason; your sentence is kept with it.",
        icon="arrow-big-up",
        action="Escalate",
    )
    answer = await sheet.open()
    return answer if isinstance(answer, Step) else None


async def ask_return(window: QWidget, *, what: str, start: Level) -> Step | None:
    """Ask to which level below `start` `what` goes back, and why."""
    sheet = LevelSheet(
        window,
        f"Hand {what} back",
        returns(start),
        lambda level: f"The case stays with whoever has it; level {int(level)} can see it in its queue.",
        words="Say what has been settled, so that the colleagues can go on.",
        icon="corner-down-left",
        action="Hand back",
    )
    answer = await sheet.open()
    return answer if isinstance(answer, Step) else None
