"""Asks for the name of a view: of a new one, or another one for a view that is there."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.views import BUILT_IN
from hotmess_console.services.desk_commands import LONGEST_NAME
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel


class NameView(KeyedSheet):
    """Answers the name. `conditions` is what the view shows, in words; `now` its name so far, if it has one."""

    def __init__(self, window: QWidget, conditions: str, *, now: str = "", taken: Iterable[str] = ()) -> None:
        super().__init__(
            window,
            f"Rename “{now}”" if now else "Save this filter as a view",
            "Only you see it, in the bar over the queue." + ("" if now else " The same name again replaces it."),
            icon="pencil" if now else "save",
            width=460,
            action="Rename" if now else "Save",
        )
        self._now = now
        self._taken = {name.casefold() for name in taken}
        self.field = Field("Name of the view", hint="Such as Billing L2", size="control_large", limit=LONGEST_NAME)
        self.body.addWidget(SafeLabel(conditions, "small", "muted", wrap=True))
        self.body.addWidget(self.field)
        self.field.setText(now)
        self.field.selectAll()
        self.field.textChanged.connect(lambda _text: self.refresh())
        self.refresh()

    def why_not(self) -> str:
        name = self.field.text().strip()
        if name.casefold() in {view.name.casefold() for view in BUILT_IN}:
            return "Everybody has a view of that name."
        if name.casefold() in self._taken:
            return "You have another view of that name."
        if self._now and name == self._now:
            return "Type another name first."
        return "" if name else "Type a name first."

    def result(self) -> object:
        return self.field.text().strip()
