"""The audit tab is worked by keys, says who did what in words, and shows a case as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout

from hotmess_console.domain.errors import Unreachable
from hotmess_console.domain.trail import Deed, TrailFilter
from hotmess_console.ui.dialogs.case_then import ThenSheet
from hotmess_console.ui.errors import notice_for
from hotmess_console.ui.queues.trail import MORE, TrailTab
from hotmess_console.ui.running import Running
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_composer import JO, NOW, FakeHost, settle
from tests.ui.fakes_shell import until
from tests.ui.fakes_trail import CASE, NUMBER, TrailQueries, entry, step
from tests.ui.host_parts import DOWN, ENTER, ESC, press

pytestmark = pytest.mark.authority
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


async def opened(host: FakeHost, queries: TrailQueries) -> TrailTab:
    """The tab in the host's window, its first page read."""
    host.queries = host.desk.queries = queries
    time = DeskTime(lambda: 0.0)
    time.read(NOW)
    running = Running(lambda error: host.tell(notice_for(error)))
    tab = TrailTab(host, time, running, ZoneInfo("Europe/London"))
    QVBoxLayout(host.window).addWidget(tab)
    tab.show()
    tab.focus_queue()
    await until(lambda: len(queries.wanted) == 1, "the first page is asked for")
    await settle(30)
    return tab


def at_audit(gui: Gui, host: FakeHost, journey: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def live() -> None:
        try:
            await journey()
        finally:
            for tab in host.window.findChildren(TrailTab):
                tab._running.stop()
                await tab._running.finished()

    gui(live())


def words(tab: TrailTab) -> list[str]:
    """Everything that is said at the right."""
    return [label.text() for label in tab.findChildren(SafeLabel) if label.isVisible() and label.text()]


def test_steps_say_what_was_done_when_by_whom_and_to_which_case(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        tab = await opened(host, TrailQueries([step(99), step(98, "ticket.resolve"), step(40, case=None)]))
        rows = tab.list.choices()
        assert [row.title for row in rows] == ["Claimed", "Resolved", "Claimed"]
        assert rows[0].detail == f"01:31 · Jo Kerr · HM-{NUMBER}"
        assert rows[2].detail.endswith("Jo Kerr")
        assert rows[0].section == "Today"
        assert rows[2].section != "Today"

    at_audit(gui, host, journey)


def test_the_lit_step_shows_each_change_and_leaves_out_what_is_derived(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        tab = await opened(host, TrailQueries([step(99), step(98)]))
        press(DOWN)
        await until(lambda: len(tab._entries) == 2, "its entries are read")
        await settle(30)
        said = words(tab)
        assert "open → in_progress" in said
        assert "nothing → Jo Kerr" in said
        assert "Rank at" not in said
        assert not any(line.startswith("Added in commands") for line in said)
        assert "98, sealed" in said

    at_audit(gui, host, journey)


def test_more_is_read_from_where_the_page_ended_and_the_cursor_goes_on_there(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        queries = TrailQueries([step(99), step(98)], [step(97), step(98)])
        tab = await opened(host, queries)
        assert tab.list.choices()[-1].value == MORE
        press(DOWN)
        press(DOWN)
        press(ENTER)
        await until(lambda: len(queries.wanted) == 2, "the next page is asked for")
        await settle(30)
        after = queries.wanted[1][1]
        assert after is not None
        assert after.entry == 98
        assert [tab.list.current(), len(tab.list.choices())] == [step(97).key, 3]

    at_audit(gui, host, journey)


def test_a_typed_line_narrows_and_what_means_nothing_is_told_and_asks_nothing(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        queries = TrailQueries([step(99)], [step(98)])
        tab = await opened(host, queries)
        tab.focus_search()
        QTest.keyClicks(tab.field, "by:@jo nonsense")
        press(ENTER)
        assert "“nonsense” narrows nothing here." in tab.problem.text()
        assert len(queries.wanted) == 1
        tab.field.clear()
        QTest.keyClicks(tab.field, f"by:@jo case:hm-{NUMBER} action:update did:ticket about:cases")
        press(ENTER)
        await until(lambda: len(queries.wanted) == 2, "it is asked for")
        wanted = TrailFilter(JO, NUMBER, "ticket", Deed.UPDATE, "cases")
        assert queries.wanted[1] == (wanted, None)
        assert tab.problem.text() == ""
        assert tab.list.hasFocus()

    at_audit(gui, host, journey)


def test_p_and_c_narrow_to_the_person_and_the_case_of_the_lit_step(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        queries = TrailQueries([step(99)], [step(99)], [step(99)])
        tab = await opened(host, queries)
        press("p")
        await until(lambda: len(queries.wanted) == 2, "the person's steps are asked for")
        await settle(30)
        press("c")
        await until(lambda: len(queries.wanted) == 3, "the case's steps are asked for")
        assert [wanted for wanted, _ in queries.wanted[1:]] == [TrailFilter(actor=JO), TrailFilter(number=NUMBER)]
        assert tab.field.text() == f"case:HM-{NUMBER}"

    at_audit(gui, host, journey)


def test_enter_shows_the_case_as_it_was_and_once_more_opens_it_as_it_is(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        queries = TrailQueries([step(99)])
        tab = await opened(host, queries)
        await until(lambda: len(tab._entries) == 2, "its entries are read")
        press(ENTER)
        await until(lambda: bool(host.window.findChildren(ThenSheet)), "the sheet opens")
        [sheet] = host.window.findChildren(ThenSheet)
        await until(sheet.isVisible, "it is shown")
        said = [label.text() for label in sheet.findChildren(SafeLabel)]
        assert queries.looked_at == [(CASE, 99)]
        assert sheet.title.text() == f"HM-{NUMBER} as it was on Sun 22 Nov 2026, 23:31 GMT"
        assert "in progress" in said
        assert "Jo Kerr" in said
        assert host.opened == []
        press(ENTER)
        await until(lambda: host.opened == [CASE], "the case is opened")

    at_audit(gui, host, journey)


def test_a_step_without_a_case_says_that_there_is_nothing_to_go_back_to(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        queries = TrailQueries([step(99, "setting.change", case=None, relation="settings")])
        await opened(host, queries)
        press(ENTER)
        await settle(30)
        assert queries.looked_at == []
        assert host.told[-1].text == "This step belongs to no case that you may see."

    at_audit(gui, host, journey)


def test_nothing_found_says_how_to_look_wider(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        tab = await opened(host, TrailQueries([]))
        assert "Nothing in the audit meets this." in words(tab)
        assert not tab.then.isVisible()
        press(ESC)
        assert tab.list.choices() == []

    at_audit(gui, host, journey)


def test_a_broken_line_is_told_and_the_steps_stay(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        queries = TrailQueries([step(99)])
        tab = await opened(host, queries)

        async def broken(*_asked: object) -> None:
            raise Unreachable("The database cannot be reached.", hint="Try again.")

        queries.trail = broken  # type: ignore[method-assign, assignment]
        tab.focus_search()
        press(ENTER)
        await settle(30)
        assert host.told[-1].text == "The database cannot be reached."
        assert len(tab.list.choices()) == 1
        assert tab.lit() is not None

    at_audit(gui, host, journey)


def test_hostile_words_stay_words(gui: Gui, host: FakeHost) -> None:
    async def journey() -> None:
        evil = "<img src=x onerror=1>\u202e‮<b>"
        bad = entry(99, case=None, relation="<b>x</b>", subject=evil, detail={"a": [evil, evil]})
        tab = await opened(host, TrailQueries([step(99)]))
        tab._show_entries([bad])
        await asyncio.sleep(0)
        said = [label.text() for label in tab.findChildren(SafeLabel)]
        assert any("<img src=x onerror=1>" in line for line in said)
        assert not any("\u202e" in line for line in said)

    at_audit(gui, host, journey)
