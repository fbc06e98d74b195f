"""The question that the window itself asks: what to do with held mail."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtWidgets import QWidget

from hotmess_console.ui.viewmodels.connection import capped
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.safe_text import SafeLabel


class Leave(StrEnum):
    """What to do with messages that are still held when the window is closed."""

    WAIT = "wait"
    SEND = "send"
    QUIT = "quit"


class HeldMail(Sheet):
    """Asks before the window closes over held messages. Answers a `Leave`, None to stay."""

    def __init__(self, window: QWidget, held: int) -> None:
        many = f"{capped(held)} messages are" if held != 1 else "1 message is"
        super().__init__(
            window,
            f"{many} still held",
            "A held message can be taken back until it leaves. Nothing is lost, whatever you choose.",
            icon="send",
            width=560,
        )
        self.body.addWidget(
            SafeLabel(
                "Wait: the window closes by itself once they have left. Send now: they leave at once, then it closes. "
                "Quit: they stay held, and the next console or the worker sends them.",
                "body",
                "body",
                wrap=True,
            )
        )
        self.wait = Button("Wait, then quit", Kind.PRIMARY, size="control_large")
        self.send = Button("Send now", size="control_large")
        self.quit = Button("Quit, leave them held", size="control_large")
        self.stay = Button("Stay", Kind.QUIET, key="Esc", size="control_large")
        self.foot.addWidget(self.stay)
        self.foot.addStretch(1)
        for button, answer in ((self.quit, Leave.QUIT), (self.send, Leave.SEND), (self.wait, Leave.WAIT)):
            button.clicked.connect(lambda _checked, to=answer: self.finish(to))
            self.foot.addWidget(button)
        self.stay.clicked.connect(lambda _checked: self.cancel())

    def focus_first(self) -> None:
        self.wait.setFocus()
