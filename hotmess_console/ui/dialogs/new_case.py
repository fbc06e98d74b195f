"""Opening a case by hand: for whom, about what, and the first words, sent to them or kept as a note."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.people import Account
from hotmess_console.domain.values import Category
from hotmess_console.services.opening import NewCase, case_of, is_address
from hotmess_console.services.replies import LONGEST
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import KeyedSheet, ListKeys
from hotmess_console.ui.dialogs.plain_text import PlainText
from hotmess_console.ui.errors import notice_for
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels.mask import HIDDEN_ADDRESS, pseudonym, shown_account
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.select import Select

_PAUSE_MS = 150
IMMEDIATE = "immediate danger"
"""Chosen instead of a category: about safety, and whoever opens the case says that it cannot wait."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """For whom a case is opened: an account of the platform, or a bare address."""

    email: str
    name: str = ""
    account: UUID | None = None


class NewCaseSheet(KeyedSheet):
    """Tab goes from field to field, Ctrl+Enter opens the case. Answers a `NewCase`."""

    def __init__(
        self, window: QWidget, bridge: Bridge, recipient: Recipient | None = None, *, masked: bool = False
    ) -> None:
        super().__init__(
            window, "New case", "It is yours from the start.", icon="plus", width=640, action="Open", key="Ctrl+Return"
        )
        self._bridge, self._recipient, self._masked = bridge, recipient, masked
        self.person = Field("Person", hint="Name, @handle or e-mail", icon="user", limit=320)
        self.found = ChoiceList("People found")
        self.subject = Field("Subject", hint="In a few words", limit=200)
        self.category, self.way = Select("Category"), Select("First words")
        self.text = PlainText("First words")
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._fill_choices()
        self._arrange_form()
        self._connect()
        if recipient is not None:
            self._take(recipient)
        self.refresh()

    def _fill_choices(self) -> None:
        for category in Category:
            self.category.add_choice(category.value.capitalize(), category)
        self.category.add_choice("Safety, immediate danger: level 3 at once", IMMEDIATE)
        self.way.add_choice("Send them as a message", True)
        self.way.add_choice("Keep them as an internal note", False)
        self.found.hide()
        self.text.setMinimumHeight(px(140))

    def _arrange_form(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(px(SPACE["m"]))
        form.setVerticalSpacing(px(SPACE["s"]))
        for name, part in (
            ("Person", self.person),
            ("", self.found),
            ("Subject", self.subject),
            ("Category", self.category),
            ("First words", self.way),
        ):
            form.addRow(SafeLabel(name, "small", "muted"), part)
        self.body.addLayout(form)
        self.body.addWidget(self.text)

    def _connect(self) -> None:
        ListKeys(self.person, self.found)
        self.person.textEdited.connect(self._typed_person)
        self._timer.timeout.connect(self._look_now)
        self.found.chosen.connect(self._take)
        for changed in (self.subject.textChanged, self.text.textChanged, self.way.currentIndexChanged):
            changed.connect(lambda *_: self.refresh())

    def _typed_person(self, typed: str) -> None:
        self._recipient = Recipient(typed.strip()) if is_address(typed) else None
        self._timer.start()
        self.refresh()

    def _look_now(self) -> None:
        self._task = asyncio.ensure_future(self._look(self.person.text().strip()))

    async def _look(self, typed: str) -> None:
        try:
            people = await self._bridge.ask(lambda queries: queries.find_people(typed, 5)) if len(typed) > 1 else []
        except ConsoleError as error:
            self.problem.set_text(str(error))
            return
        if typed != self.person.text().strip():
            return
        rows = [_account_choice(account, self._masked) for account in people]
        self.found.set_choices(rows)
        self.found.setFixedHeight(self.found.sizeHint().height())
        self.found.setVisible(bool(rows))
        self._cover()

    def _take(self, recipient: Recipient) -> None:
        self._recipient = recipient
        name, email = recipient.name, recipient.email
        if self._masked:
            name, email = pseudonym(name, email), HIDDEN_ADDRESS if email else ""
        self.person.setText(f"{name}, {email}".strip(", "))
        self.found.hide()
        self.subject.setFocus(Qt.FocusReason.OtherFocusReason)
        self._cover()
        self.refresh()

    def why_not(self) -> str:
        sending = bool(self.way.currentData())
        if self._recipient is None or (sending and not is_address(self._recipient.email)):
            return "Choose a person, or write an e-mail address."
        if not self.subject.text().strip():
            return "Write a subject."
        if not self.text.text().strip():
            return "Write the first words."
        return f"At most {LONGEST:,} characters." if len(self.text.text()) > LONGEST else ""

    def result(self) -> object:
        recipient = self._recipient or Recipient("")
        immediate = self.category.currentData() == IMMEDIATE
        return NewCase(
            email=recipient.email,
            person=recipient.name,
            account=recipient.account,
            subject=self.subject.text().strip(),
            category=Category.SAFETY if immediate else Category(self.category.currentData()),
            body=self.text.text().strip(),
            outgoing=bool(self.way.currentData()),
            immediate_danger=immediate,
        )

    def focus_first(self) -> None:
        first = self.person if self._recipient is None else self.subject
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if plain and self.focusWidget() is not self.text:
            self.focusNextPrevChild(True)
            return
        super().keyPressEvent(event)


def _account_choice(account: Account, masked: bool) -> Choice:
    # what is sent goes to the person, whatever the window shows
    name, address = shown_account(account, masked)
    wanted = Recipient(account.email or "", shown_account(account, False)[0], account.id)
    return Choice(wanted, name, address or "no address", "user")


async def open_new_case(host: Host, recipient: Recipient | None = None) -> None:
    """Ask for everything, open the case and go to it; a refusal is told and nothing was opened."""
    command = await NewCaseSheet(host.window, host.bridge, recipient, masked=host.masked).open()
    if not isinstance(command, NewCase):
        return
    try:
        await host.bridge.send(command)
    except ConsoleError as error:
        host.tell(notice_for(error))
        return
    await host.open_case(case_of(command.id))
