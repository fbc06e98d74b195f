"""Choosing one thing from a list: by its figure, by its first letters, by typing part of it, or with the arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel

FIGURES = "123456789"


class KeyedSheet(Sheet):
    """A sheet with one gold action, given by `accept` on Enter, and Cancel on Esc."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        words: str = "",
        *,
        icon: str = "",
        width: int = 560,
        action: str,
        key: str = "Return",
    ) -> None:
        super().__init__(window, title, words, icon=icon, width=width)
        self.problem = SafeLabel(step="small", role="muted", elide=True)
        self.dismiss = Button("Cancel", Kind.QUIET, key="Esc", size="control_large")
        self.action = Button(action, Kind.PRIMARY, key=key, size="control_large")
        self.dismiss.clicked.connect(lambda _checked: self.cancel())
        self.action.clicked.connect(lambda _checked: self._try())
        self.foot.addWidget(self.problem, 1)
        self.foot.addWidget(self.dismiss)
        self.foot.addWidget(self.action)

    def stops(self) -> list[QWidget]:
        # Made first, the two buttons would come before the content.
        last = (self.action, self.dismiss)
        found = super().stops()
        return [*(part for part in found if part not in last), *(part for part in last if part in found)]

    def why_not(self) -> str:
        """Return why the gold action cannot be done yet; shown beside it."""
        return ""

    def result(self) -> object:
        """Return the answer that the gold action gives."""
        return True

    def refresh(self) -> None:
        """Say again whether the gold action can be done."""
        reason = self.why_not()
        self.action.set_reason(reason)
        self.problem.set_text(reason)

    def _try(self) -> None:
        self.refresh()
        if self.why_not():
            self.problem.set_role("warn_text")
        else:
            self.finish(self.result())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _means(event, self.action.key):
            self._try()
        super().keyPressEvent(event)


def _means(event: QKeyEvent, key: str) -> bool:
    wanted = Qt.KeyboardModifier.ControlModifier if key.startswith("Ctrl") else Qt.KeyboardModifier.NoModifier
    return (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier) == wanted


class ListKeys(QObject):
    """Lets arrows and Enter typed into a field move and choose in the list below it."""

    def __init__(self, field: QWidget, choices: ChoiceList) -> None:
        super().__init__(field)
        self._choices = choices
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._choices.take_key(event)
        return False


class Choose(KeyedSheet):
    """One of a few, chosen by its figure, or lit by its first letters and chosen by Enter. Answers the value."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        choices: Sequence[Choice],
        *,
        words: str = "",
        icon: str = "",
        now: object = None,
    ) -> None:
        super().__init__(window, title, words, icon=icon, width=460, action="Choose")
        self.list = ChoiceList(title, by_letters=True)
        self.list.chosen.connect(self.finish)
        self.list.set_choices(numbered(choices))
        self.list.light(now)
        self.body.addWidget(self.list)

    def result(self) -> object:
        return self.list.current()

    def focus_first(self) -> None:
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and event.text() in FIGURES and self.list.choose_key(event.text()):
            return
        super().keyPressEvent(event)


class Find(KeyedSheet):
    """One of many, found by typing part of it. Answers the choice's value."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        choices: Sequence[Choice],
        *,
        words: str = "",
        icon: str = "",
        hint: str = "Type to filter",
        action: str = "Choose",
        width: int = 560,
    ) -> None:
        super().__init__(window, title, words, icon=icon, width=width, action=action)
        self.all = tuple(choices)
        self.field = Field(title, hint=hint, icon="search", size="control_large")
        self.list = ChoiceList(f"{title}: what fits")
        self.nothing = SafeLabel("Nothing fits. Type less, or something else.", "small", "muted")
        self.list.chosen.connect(self.finish)
        self.list.lit.connect(lambda _value: self.refresh())
        self.field.textChanged.connect(self.filter)
        ListKeys(self.field, self.list)
        self.body.addWidget(self.field)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.list)
        self.filter("")

    def filter(self, typed: str) -> None:
        """Show what fits all of the typed words."""
        found = fitting(self.all, typed)
        self.nothing.setVisible(not found)
        self.list.set_choices(found)

    def why_not(self) -> str:
        return "" if self.list.current() is not None else "Choose one from the list first."

    def result(self) -> object:
        return self.list.current()

    def focus_first(self) -> None:
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)


def numbered(choices: Sequence[Choice]) -> list[Choice]:
    """Return `choices` with the figures 1 to 9 as their keys."""
    keys = [*FIGURES, *[""] * len(choices)]
    return [
        Choice(c.value, c.title, c.detail, c.icon, key, c.section, c.why_not)
        for c, key in zip(choices, keys, strict=False)
    ]


def fitting(choices: Sequence[Choice], typed: str, words: Callable[[Choice], str] | None = None) -> list[Choice]:
    """Return those that hold every typed word, in any case; `words` says what of a choice is searched."""
    said = words or (lambda choice: f"{choice.title} {choice.detail} {choice.section}")
    wanted = typed.casefold().split()
    return [choice for choice in choices if all(word in said(choice).casefold() for word in wanted)]


async def choose(
    window: QWidget, title: str, choices: Sequence[Choice], *, words: str = "", icon: str = "", now: object = None
) -> Any:
    """Ask for one of `choices`; return its value, or None."""
    return await Choose(window, title, choices, words=words, icon=icon, now=now).open()


async def find(window: QWidget, title: str, choices: Sequence[Choice], *, words: str = "", icon: str = "") -> Any:
    """Ask for one of many; return its value, or None."""
    return await Find(window, title, choices, words=words, icon=icon).open()
