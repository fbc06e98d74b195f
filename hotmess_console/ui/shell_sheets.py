"""The questions that the window itself asks before it closes: about words that are unsent, and about held mail."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.values import CaseId
from hotmess_console.services.drafts import Draft, DraftKind
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.viewmodels.connection import capped
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.safe_text import SafeLabel

_HIGHEST = 260


class Leave(StrEnum):
    """What becomes of what is held or unsent when the window is closed."""

    WAIT = "wait"
    SEND = "send"
    KEEP = "keep"
    QUIT = "quit"


class Question(Sheet):
    """A sheet of buttons: Enter presses the one that has the keyboard, a letter the one that shows it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = event.text().upper()
        lettered = [button for button in self.findChildren(Button) if pressed and button.key == pressed]
        if event.isAutoRepeat():
            event.accept()
        elif lettered and lettered[0].isVisible():
            lettered[0].click()
        else:
            super().keyPressEvent(event)


class HeldMail(Question):
    """Asks before the window closes over held messages. Answers a `Leave`, None to stay.

    `stuck` says why nobody can send now; only then may they be left where they are.
    """

    def __init__(self, window: QWidget, held: int, stuck: str = "") -> None:
        many = f"{capped(held)} messages are" if held != 1 else "1 message is"
        super().__init__(window, f"{many} still held", _HELD, icon="send", width=800 if stuck else 640)
        lines = [_WAIT, _SEND, _KEEP, *([f"{stuck.rstrip('.')}. {_QUIT}"] if stuck else [])]
        for words in lines:
            self.body.addWidget(SafeLabel(words, "body", "body", wrap=True))
        self.wait = Button("Wait, then close", Kind.PRIMARY, key="W", size="control_large")
        self.send = Button("Send now", key="S", size="control_large")
        self.keep = Button("Keep as drafts", key="K", size="control_large")
        self.quit = Button("Leave it held", key="L", size="control_large")
        self.stay = Button("Stay", Kind.QUIET, key="Esc", size="control_large")
        ways = ((self.quit, Leave.QUIT), (self.keep, Leave.KEEP), (self.send, Leave.SEND), (self.wait, Leave.WAIT))
        self.foot.addWidget(self.stay)
        self.foot.addStretch(1)
        for button, answer in ways:
            button.clicked.connect(lambda _checked, to=answer: self.finish(to))
            self.foot.addWidget(button)
        self.quit.setVisible(bool(stuck))
        self.stay.clicked.connect(lambda _checked: self.cancel())

    def focus_first(self) -> None:
        self.wait.setFocus()


_HELD = "A held message can be taken back until it leaves. Nothing is lost, whatever you choose."
_WAIT = "Wait: the window closes by itself once everything has left."
_SEND = "Send now: what is yours leaves at once, then it closes."
_KEEP = (
    "Keep as drafts: what is yours is stopped, as an undo does, and the words are back in the composer. The window "
    "stays open, because drafts last only as long as it does."
)
_QUIT = "Leave it held: the window closes, and the next console that can send does."


class UnsentWords(Question):
    """Asks before the window closes over words that only it has.

    Answers `Leave.QUIT` to lose them, a case with the kind of its draft to go there, None to stay.
    """

    def __init__(
        self, window: QWidget, unsent: Mapping[tuple[CaseId, DraftKind], Draft], names: Mapping[CaseId, str]
    ) -> None:
        cases = len({case for case, _kind in unsent})
        on = names[next(iter(unsent))[0]] if cases == 1 else f"{cases} cases"
        super().__init__(window, f"Your words on {on} were not sent", _UNSENT, icon="pencil", width=560)
        self.list = ChoiceList("What was not sent", by_letters=True)
        self.list.set_choices(
            Choice((case, kind), names[case], draft_words(kind, draft), _SIGNS[kind])
            for (case, kind), draft in unsent.items()
        )
        self.list.setFixedHeight(min(px(_HIGHEST), self.list.sizeHint().height()))
        self.list.chosen.connect(self.finish)
        self.body.addWidget(self.list)
        self.lose = Button("Close and lose them", Kind.DANGER, size="control_large")
        self.stay = Button("Keep the window open", Kind.PRIMARY, key="Esc", size="control_large")
        self.lose.clicked.connect(lambda _checked: self.finish(Leave.QUIT))
        self.stay.clicked.connect(lambda _checked: self.cancel())
        self.foot.addWidget(self.lose)
        self.foot.addStretch(1)
        self.foot.addWidget(self.stay)

    def focus_first(self) -> None:
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)


_UNSENT = "They are kept as long as this window is open, and closing it loses them. Enter goes to what you choose."
_SIGNS = {DraftKind.REPLY: "reply", DraftKind.NOTE: "sticky-note"}


def draft_words(kind: DraftKind, draft: Draft) -> str:
    """Return how much would be lost: "Reply, 46 words", "Note, 1 word, 2 files"."""
    words, files = len(draft.text.split()), len(draft.files)
    parts = [kind.value.capitalize(), f"{words:,} word{'s' * (words != 1)}"]
    return ", ".join(parts + ([f"{files} file{'s' * (files != 1)}"] if files else []))
