"""Questions that the window itself asks: a name for a view, and what to do with held mail."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.views import BUILT_IN
from hotmess_console.services.desk_commands import LONGEST_NAME
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.viewmodels.connection import capped
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel


class NameView(KeyedSheet):
    """Asks for a view's name. Answers the name."""

    def __init__(self, window: QWidget, conditions: str) -> None:
        super().__init__(
            window,
            "Save this filter as a view",
            "Only you see it, in the bar over the queue. The same name again replaces it.",
            icon="save",
            width=460,
            action="Save",
        )
        self.field = Field("Name of the view", hint="Such as Billing L2", size="control_large", limit=LONGEST_NAME)
        self.body.addWidget(SafeLabel(conditions, "small", "muted", wrap=True))
        self.body.addWidget(self.field)
        self.field.textChanged.connect(lambda _text: self.refresh())
        self.refresh()

    def why_not(self) -> str:
        name = self.field.text().strip()
        if name.casefold() in {view.name.casefold() for view in BUILT_IN}:
            return "Everybody has a view of that name."
        return "" if name else "Type a name first."

    def result(self) -> object:
        return self.field.text().strip()


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
