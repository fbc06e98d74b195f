"""Giving a case the e-mail address it came without."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.services.addressing import LONGEST_ADDRESS, checked_address
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.widgets.field import Field


class AddressSheet(KeyedSheet):
    """One address is typed, Enter adds it. Answers the address."""

    def __init__(self, window: QWidget, what: str) -> None:
        super().__init__(
            window,
            f"Add an address to {what}",
            "Only one that the person gave you, on the telephone or in another case: answers go there from now on. "
            "The platform is not changed. Undo takes the address away again until it was written to.",
            icon="mail",
            action="Add",
        )
        self.field = Field(
            "E-mail address", hint="name@example.org", icon="mail", size="control_large", limit=LONGEST_ADDRESS
        )
        self.field.textChanged.connect(lambda _text: self.refresh())
        self.body.addWidget(self.field)
        self.refresh()

    def why_not(self) -> str:
        try:
            checked_address(self.field.text())
        except BadInput as error:
            return error.hint
        return ""

    def result(self) -> object:
        return checked_address(self.field.text())

    def focus_first(self) -> None:
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)


async def ask_address(window: QWidget, what: str) -> str | None:
    """Ask where the person of `what` can be answered; None when nothing was added."""
    answer = await AddressSheet(window, what).open()
    return answer if isinstance(answer, str) else None
