"""Staff, for managers: who is at the desk, what waits for a second manager, and what can be done about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.role_changes import GIVEN, goes_with
from hotmess_console.domain.staff import ROLE_WORDS, ChangeState, ManagerChange, change_words, roles_words
from hotmess_console.domain.values import Login, Role
from hotmess_console.services.staff import (
    ConfirmChange,
    DeclineChange,
    Disable,
    GiveRole,
    NewPassword,
    StaffCommand,
    TakeRole,
    new_password,
    staff_queries,
)
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import Find, choose
from hotmess_console.ui.dialogs.staff_add import ask_for_colleague, show_password
from hotmess_console.ui.dialogs.staff_leaving import hand_over
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host
from hotmess_console.ui.widgets.button import Button

ADD = "add a colleague"
WAITING, AT_THE_DESK, LEFT = "Waits for a second manager", "At the desk", "Disabled"


@dataclass(frozen=True, slots=True)
class Room:
    """What the sheet shows: everybody, and what waits."""

    staff: Staff
    waiting: tuple[ManagerChange, ...]


class StaffSheet(Find):
    """Enter opens what can be done; Ctrl+N adds. Answers a `Colleague`, a `ManagerChange`, or `ADD`."""

    def __init__(self, window: QWidget, room: Room, me: Login) -> None:
        words = "Giving somebody more waits for a second manager. Taking away and disabling happen at once."
        super().__init__(window, "Staff", staff_rows(room, me), words=words, icon="users", action="Open", width=760)
        self.add = Button("Add a colleague", key="Ctrl+N", icon="user-plus", size="control_large")
        self.add.clicked.connect(lambda _checked: self.finish(ADD))
        self.foot.insertWidget(0, self.add)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_N and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finish(ADD)
            return
        super().keyPressEvent(event)


def staff_rows(room: Room, me: Login) -> list[Choice]:
    """Return what waits first, then who is at the desk, then who was disabled."""
    rows = [
        Choice(one, _sentence(change_words(one, room.staff)), _asked_by(one, room.staff, me), "clock", section=WAITING)
        for one in room.waiting
    ]
    people = sorted(room.staff, key=lambda one: (not one.active, one.name.casefold()))
    for person in people:
        detail = roles_words(_ordered(person.roles)) if person.active else "no role, no login"
        name = f"{person.name} (you)" if person.login == me else person.name
        icon, section = ("user", AT_THE_DESK) if person.active else ("user-x", LEFT)
        rows.append(Choice(person, name, f"{detail} · @{person.handle} · {person.login}", icon, section=section))
    return rows


def _ordered(roles: Sequence[Role] | frozenset[Role]) -> list[Role]:
    return [role for role in Role if role in roles]


def _asked_by(change: ManagerChange, staff: Staff, me: Login) -> str:
    return "you asked" if change.requested_by == me else f"{staff.name(change.requested_by)} asked"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


async def manage_staff(host: Host) -> None:
    """Let a manager look and act until they close the sheet; every refusal is told and the list shown again."""
    while True:
        sheet = StaffSheet(host.window, await _read(host), host.me.login)
        answer = await sheet.open()
        sheet.deleteLater()
        if answer is None:
            return
        try:
            await _act(host, answer, await _read(host))
        except ConsoleError as error:
            host.tell(notice_for(error))


async def _read(host: Host) -> Room:
    staff = await host.bridge.ask(lambda q: q.staff())
    changes = await host.bridge.ask(lambda q: staff_queries(q).manager_changes())
    return Room(staff, tuple(change for change in changes if change.state is ChangeState.WAITING))


async def _act(host: Host, answer: object, room: Room) -> None:
    if answer == ADD:
        command = await ask_for_colleague(host, room.staff)
        if command is not None:
            await _send(host, command)
            await show_password(host, command.login, command.password, command.person.name)
    elif isinstance(answer, ManagerChange):
        await _decide(host, answer, room.staff)
    elif isinstance(answer, Colleague):
        await _about(host, answer, room.staff)


async def _decide(host: Host, change: ManagerChange, staff: Staff) -> None:
    mine = change.requested_by == host.me.login
    about_me = change.subject == host.me.login
    why_not = "you asked for it" if mine else "it concerns you" if about_me else ""
    choices = [
        Choice("confirm", "Confirm: it is carried out at once", "", "check", why_not=why_not),
        Choice("decline", "Withdraw it" if mine else "Decline it", "nothing is changed", "x"),
    ]
    words = f"{_sentence(_asked_by(change, staff, host.me.login))} for this."
    answer = await choose(host.window, _sentence(change_words(change, staff)), choices, words=words, icon="users")
    if answer == "confirm":
        host.tell(Notice((await host.bridge.send(ConfirmChange(change=change.id))).words))
    elif answer == "decline":
        host.tell(Notice((await host.bridge.send(DeclineChange(change=change.id))).words))


async def _about(host: Host, colleague: Colleague, staff: Staff) -> None:
    answer = await choose(
        host.window,
        colleague.name,
        deeds(colleague, host.me.login),
        words=f"Signs in as {colleague.login}.",
        icon="user",
    )
    match answer:
        case "give" | "take":
            await _change_role(host, colleague, give=answer == "give")
        case "password" | "back":
            await _new_password(host, colleague, back=answer == "back")
        case "hand over":
            await hand_over(host, colleague, staff)
        case "disable":
            await _disable(host, colleague)


def deeds(colleague: Colleague, me: Login) -> list[Choice]:
    """Return what can be done about somebody; what cannot says why."""
    own = "ask another manager" if colleague.login == me else ""
    if not colleague.active:
        return [
            Choice("back", "Bring back", "new password, a second manager confirms", "undo-2"),
            Choice("hand over", "Hand over all cases", "to a colleague or back to the queue", "users"),
        ]
    return [
        Choice("give", "Give a role", "a second manager confirms", "user-plus"),
        Choice("take", "Take a role away", "at once", "user-x", why_not=own),
        Choice("password", "New password", "a second manager confirms", "lock-open"),
        Choice("hand over", "Hand over all cases", "to a colleague or back to the queue", "users"),
        Choice("disable", "Disable", "at once: no role, no login, connections ended", "lock", why_not=own),
    ]


async def _change_role(host: Host, colleague: Colleague, *, give: bool) -> None:
    roles = [role for role in GIVEN if (role in colleague.roles) is not give]
    choices = [Choice(role, _sentence(ROLE_WORDS[role]), "" if give else _goes(role, colleague)) for role in roles]
    title = f"Give {colleague.name} a role" if give else f"Take a role from {colleague.name}"
    role = await choose(host.window, title, choices, icon="users")
    if isinstance(role, Role):
        login = colleague.login
        await _send(host, GiveRole(login=login, role=role) if give else TakeRole(login=login, role=role))


def _goes(role: Role, colleague: Colleague) -> str:
    others = _ordered(frozenset(goes_with(role) - {role}) & colleague.roles)
    return f"goes with it: {roles_words(others)}" if others else "at once"


async def _new_password(host: Host, colleague: Colleague, *, back: bool) -> None:
    roles: tuple[Role, ...] = ()
    if back:
        choices = [Choice(role, _sentence(ROLE_WORDS[role])) for role in GIVEN]
        role = await choose(host.window, f"Bring {colleague.name} back as", choices, icon="users")
        if not isinstance(role, Role):
            return
        roles = (role,)
    command = NewPassword(login=colleague.login, password=new_password(), back_as=roles)
    await _send(host, command)
    await show_password(host, colleague.login, command.password, colleague.name)


async def _disable(host: Host, colleague: Colleague) -> None:
    choices = [
        Choice(True, "Disable at once", "coming back needs a second manager", "lock"),
        Choice(False, f"Keep {colleague.name}", "", "x"),
    ]
    words = "Their roles end, their login is shut, and every open connection of theirs is ended."
    if await choose(host.window, f"Disable {colleague.name}?", choices, words=words, icon="lock", now=False):
        await _send(host, Disable(login=colleague.login))


async def _send(host: Host, command: StaffCommand) -> None:
    host.tell(Notice((await host.bridge.send(command)).words))
