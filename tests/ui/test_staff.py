"""The staff sheet: what a manager sees, asks for, confirms and takes away, by the keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.staff import ChangeKind
from hotmess_console.domain.values import Login, Permission, Role
from hotmess_console.domain.views import Whose
from hotmess_console.services.console import Seats
from hotmess_console.services.queries import Me
from hotmess_console.services.staff import AddColleague, ConfirmChange, DeclineChange, Disable, GiveRole, TakeRole
from hotmess_console.services.support import Assign
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.dialogs.choose import Choose, Find
from hotmess_console.ui.dialogs.staff import AT_THE_DESK, LEFT, WAITING, StaffSheet, deeds, manage_staff
from hotmess_console.ui.dialogs.staff_add import AddSheet, PasswordSheet
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.fakes_composer import ME, FakeHost, settle
from tests.ui.fakes_shell import FakeDesk, mine, on_desk, until
from tests.ui.fakes_staff import OTHER, PEOPLE, StaffQueries, asked, manager_at
from tests.ui.queue_samples import make_case
from tests.ui.shell_parts import open_sheet, tab_of

pytestmark = pytest.mark.authority
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
Of = TypeVar("Of", bound=Sheet)
JO = Login("s_jo0000000001")
Journey = Callable[[FakeHost, StaffQueries, QWidget], Coroutine[Any, Any, None]]


async def shown(window: QWidget, kind: type[Of]) -> Of:
    for _ in range(200):
        found = [sheet for sheet in window.findChildren(kind) if sheet.isVisible() and type(sheet) is kind]
        if found:
            return found[0]
        await asyncio.sleep(0.005)
    raise AssertionError(f"no {kind.__name__} was opened")


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at: Any = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, key, modifier)


def type_in(words: str) -> None:
    at: Any = QApplication.focusWidget()
    QTest.keyClicks(at, words)


def managing(gui: Gui, window: QWidget, journey: Journey) -> FakeHost:
    """Open the sheet as a manager, live through `journey`, and close it."""
    host, queries = manager_at(window)

    async def run() -> None:
        task = asyncio.ensure_future(manage_staff(host))
        await journey(host, queries, window)
        for _ in range(3):
            await settle(3)
            for sheet in window.findChildren(Sheet):
                if sheet.isVisible():
                    sheet.cancel()
        await task

    queries.changes = [
        asked(1, ChangeKind.GRANT, JO, OTHER, role="console_senior"),
        asked(2, ChangeKind.GRANT, JO, ME, role="console_auditor"),
    ]
    gui(run())
    return host


async def choose_person(window: QWidget, typed: str) -> Choose:
    await shown(window, StaffSheet)
    type_in(typed)
    press(Qt.Key.Key_Return)
    return await shown(window, Choose)


def test_what_waits_comes_first_then_who_is_here_then_who_was_disabled(gui: Gui, window: QWidget) -> None:
    async def journey(host: FakeHost, queries: StaffQueries, window: QWidget) -> None:
        sheet = await shown(window, StaffSheet)
        rows = [(row.section, row.title, row.detail.partition(" · ")[0]) for row in sheet.list.choices()]
        assert rows == [
            (WAITING, "Give Jo Kerr the role senior agent", "Sunniva Okereke asked"),
            (WAITING, "Give Jo Kerr the role auditor", "you asked"),
            (AT_THE_DESK, "Jo Kerr", "agent and safety"),
            (AT_THE_DESK, "Mina Dale (you)", "agent, senior agent and manager"),
            (AT_THE_DESK, "Sunniva Okereke", "agent, senior agent and manager"),
            (LEFT, "Kit Odell", "no role, no login"),
        ]

    managing(gui, window, journey)


def test_another_managers_wish_is_confirmed_with_two_keys(gui: Gui, window: QWidget) -> None:
    async def journey(host: FakeHost, queries: StaffQueries, window: QWidget) -> None:
        await choose_person(window, "senior agent Sunniva Okereke asked")
        press(Qt.Key.Key_1)
        await settle(3)

    host = managing(gui, window, journey)
    [sent] = host.desk.sent
    assert isinstance(sent, ConfirmChange)
    assert sent.change.int == 1


def test_ones_own_wish_can_only_be_withdrawn(gui: Gui, window: QWidget) -> None:
    async def journey(host: FakeHost, queries: StaffQueries, window: QWidget) -> None:
        sheet = await choose_person(window, "you asked")
        assert [row.why_not for row in sheet.list.choices()] == ["you asked for it", ""]
        press(Qt.Key.Key_1)
        assert sheet.isVisible()
        press(Qt.Key.Key_2)
        await settle(3)

    host = managing(gui, window, journey)
    assert [type(sent) for sent in host.desk.sent] == [DeclineChange]


def test_a_colleague_is_added_with_a_password_that_is_shown_once(gui: Gui, window: QWidget) -> None:
    async def journey(host: FakeHost, queries: StaffQueries, window: QWidget) -> None:
        await shown(window, StaffSheet)
        press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        form = await shown(window, AddSheet)
        assert form.why_not()
        type_in("Ines Marlow")
        assert (form.handle.text(), form.initials.text(), form.why_not()) == ("ines", "IM", "")
        form.handle.setText("jo")
        assert form.why_not() == "Somebody has the handle @jo."
        form.handle.setText("ines")
        press(Qt.Key.Key_Return)
        password = await shown(window, PasswordSheet)
        password.copy.click()
        [sent] = host.desk.sent
        assert isinstance(sent, AddColleague)
        assert (sent.person.name, sent.roles) == ("Ines Marlow", (Role.AGENT,))
        assert QGuiApplication.clipboard().text() == f"{sent.login}\n{sent.password}"
        QGuiApplication.clipboard().clear()

    managing(gui, window, journey)


@pytest.mark.parametrize(
    ("keys", "kind"), [("14", GiveRole), ("21", TakeRole), ("51", Disable)], ids=["give", "take", "disable"]
)
def test_what_is_done_about_somebody_is_chosen_by_figures(gui: Gui, window: QWidget, keys: str, kind: type) -> None:
    async def journey(host: FakeHost, queries: StaffQueries, window: QWidget) -> None:
        await choose_person(window, "Jo Kerr @jo")
        for figure in keys:
            first = await shown(window, Choose)
            type_in(figure)
            await until(lambda gone=first: not gone.isVisible(), "the sheet is answered")  # type: ignore[misc]
            await settle(3)

    host = managing(gui, window, journey)
    [sent] = host.desk.sent
    assert isinstance(sent, kind)


def test_nobody_takes_their_own_place_away(gui: Gui) -> None:
    me = PEOPLE.get(ME)
    assert me is not None
    assert {row.value for row in deeds(me, ME) if row.why_not} == {"take", "disable"}
    other = PEOPLE.get(OTHER)
    assert other is not None
    assert not [row for row in deeds(other, ME) if row.why_not]


def test_all_cases_of_a_leaver_are_handed_over_and_one_undo_takes_it_back(gui: Gui, window: QWidget) -> None:
    async def journey(host: FakeHost, queries: StaffQueries, window: QWidget) -> None:
        queries.theirs = [replace(make_case(number), assignee=JO) for number in range(1, 451)]
        await choose_person(window, "Jo Kerr @jo")
        type_in("4")
        sheet = await shown(window, Find)
        assert [row.title for row in sheet.list.choices()] == ["Back to the queue", "Mina Dale", "Sunniva Okereke"]
        type_in("Sunniva")
        press(Qt.Key.Key_Return)
        await until(lambda: bool(host.offered), "all are handed over")
        assert (queries.asked_for[0].whose, queries.asked_for[0].colleague) == (Whose.COLLEAGUE, JO)

    host = managing(gui, window, journey)
    sent = [command for command in host.desk.sent if isinstance(command, Assign)]
    assert [len(command.cases) for command in sent] == [200, 200, 50]
    assert {command.to for command in sent} == {OTHER}
    [(commands, words, _cases)] = host.offered
    assert commands == tuple(command.id for command in sent)
    assert words.endswith("to Sunniva Okereke")


def test_only_managers_find_the_staff_in_the_palette() -> None:
    assert build_registry()["staff.manage"].permission is Permission.STAFF_MANAGE


# ── sitting down as somebody else ──


class Demo(FakeDesk):
    """A desk at which two people may sit."""

    def __init__(self) -> None:
        super().__init__(mine(3))
        self.sits = Me(ME, frozenset({Role.AGENT}), "Mina Dale")
        self.people = (self.sits, Me(OTHER, frozenset({Role.AGENT, Role.MANAGER}), "Sunniva Okereke"))
        self.opened = 0

    async def open_console(self, listener: Any) -> Any:
        self.opened += 1
        console = await super().open_console(listener)
        return replace(console, me=self.sits, seats=Seats(self.people, self.choose))

    def choose(self, login: Login) -> None:
        self.sits = next(one for one in self.people if one.login == login)


def test_somebody_else_of_the_demo_sits_down_in_the_same_window(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert isinstance(desk, Demo)
        before = tab_of(shell)
        assert Permission.STAFF_MANAGE not in shell.context().permissions
        shell.run_action("demo.sign_in_as")
        await until(lambda: open_sheet(shell) is not None, "the sheet is open")
        press(Qt.Key.Key_2)
        await until(lambda: shell.parts is not None and shell.parts.tickets is not before, "the other desk stands")
        await until(lambda: shell.parts is not None and shell.parts.finished, "it is complete")
        assert (desk.opened, shell.me.login) == (2, OTHER)
        assert Permission.STAFF_MANAGE in shell.context().permissions
        assert shell.status.who.text().startswith("Sunniva Okereke")
        assert not before.isVisible()
        assert tab_of(shell).isVisible()
        # one key is heard once, by the new desk
        first = tab_of(shell).case
        tab_of(shell).focus_queue()
        press(Qt.Key.Key_J)
        await until(lambda: tab_of(shell).case not in (None, first), "the next case is open")
        assert tab_of(shell).queue.list.currentIndex().row() == 1

    gui(on_desk(Demo(), journey))


def test_where_there_is_no_demo_nobody_sits_down_by_a_key(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.run_action("demo.sign_in_as")
        await settle(5)
        assert open_sheet(shell) is None
        assert "Only the demo" in shell.status.told.text()

    gui(on_desk(FakeDesk(mine(1)), journey))
