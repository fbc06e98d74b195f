"""Adding a colleague: who they are and what they may, then the password that is shown once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.role_changes import GIVEN, check_new
from hotmess_console.domain.staff import ROLE_WORDS, NewPerson, handle_of, initials_of
from hotmess_console.domain.values import Login
from hotmess_console.services.staff import AddColleague, new_login, new_password
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.button import Button, Kind
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.pane import Facts
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.select import Select


class AddSheet(KeyedSheet):
    """Answers an `AddColleague` with a login and password that the console made up."""

    def __init__(self, window: QWidget, staff: Staff) -> None:
        words = "They can sign in once another manager has confirmed it. More roles can be given later."
        super().__init__(window, "Add a colleague", words, icon="user-plus", width=560, action="Ask for it")
        self._staff, self._login = staff, new_login()
        self.name, self.handle = (
            Field("Name", limit=80),
            Field("Handle", hint="what colleagues write after @", limit=40),
        )
        self.initials, self.email = Field("Initials", limit=3), Field("E-mail", hint="may be empty", limit=254)
        self.role = Select("Role")
        for role in GIVEN:
            self.role.add_choice(ROLE_WORDS[role].capitalize(), role)
        form = QGridLayout()
        form.setColumnMinimumWidth(0, px(120))
        form.setColumnStretch(1, 1)
        form.setVerticalSpacing(px(SPACE["s"]))
        parts = (("Name", self.name), ("Handle", self.handle), ("Initials", self.initials), ("E-mail", self.email))
        for at, (label, part) in enumerate((*parts, ("Role", self.role))):
            form.addWidget(SafeLabel(label, "body", "muted"), at, 0, Qt.AlignmentFlag.AlignVCenter)
            form.addWidget(part, at, 1)
        self.body.addLayout(form)
        self.name.textEdited.connect(self._propose)
        for field in (self.name, self.handle, self.initials, self.email):
            field.textChanged.connect(lambda _text: self.refresh())
        self.refresh()

    def _propose(self, typed: str) -> None:
        """Handle and initials follow the name until somebody changes them."""
        for field, made in ((self.handle, handle_of(typed)), (self.initials, initials_of(typed))):
            if not field.isModified():
                field.setText(made)

    def person(self) -> NewPerson:
        """Who was typed in."""
        name = " ".join(self.name.text().split())
        return NewPerson(name, self.handle.text().strip(), self.initials.text().strip(), self.email.text().strip())

    def why_not(self) -> str:
        try:
            check_new(self._login, self.person(), self._staff)
        except ConsoleError as error:
            return str(error)
        return ""

    def result(self) -> object:
        return AddColleague(
            login=self._login, person=self.person(), roles=(self.role.currentData(),), password=new_password()
        )

    def focus_first(self) -> None:
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)


class PasswordSheet(Sheet):
    """Shows a login and its password once. Answers None."""

    def __init__(self, window: QWidget, login: Login, password: str, name: str) -> None:
        words = "Hand it over in person; it is kept nowhere and shown this once. It works once it is confirmed."
        super().__init__(window, f"Password of {name}", words, icon="lock-open", width=560)
        self.facts = Facts(120)
        self.facts.set_rows([("Login", login), ("Password", password)])
        self.body.addWidget(self.facts)
        self.copy = Button("Copy both", icon="copy", size="control_large")
        self.done = Button("Done", Kind.PRIMARY, key="Esc", size="control_large")
        self.copy.clicked.connect(lambda _checked: QGuiApplication.clipboard().setText(f"{login}\n{password}"))
        self.done.clicked.connect(lambda _checked: self.cancel())
        self.foot.addWidget(self.copy)
        self.foot.addStretch(1)
        self.foot.addWidget(self.done)


async def ask_for_colleague(host: Host, staff: Staff) -> AddColleague | None:
    """Ask who is to be added; None when that was given up."""
    sheet = AddSheet(host.window, staff)
    answer = await sheet.open()
    sheet.deleteLater()
    return answer if isinstance(answer, AddColleague) else None


async def show_password(host: Host, login: Login, password: str, name: str) -> None:
    """Show a password until it is closed."""
    sheet = PasswordSheet(host.window, login, password, name)
    await sheet.open()
    sheet.deleteLater()
