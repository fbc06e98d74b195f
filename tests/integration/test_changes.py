"""Changes as they happen: told within a second, and never lost for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from hotmess_console.adapters.store.changes import Changes
from hotmess_console.domain.events import CasesChanged, Event, MessagesMoved, Resync
from hotmess_console.domain.values import CaseId
from hotmess_console.services.console import Contact
from hotmess_console.services.replies import AddNote
from hotmess_console.services.support import Claim
from tests.desks import OTHER_AGENT, DeskDatabase

pytestmark = pytest.mark.foundation

LISTENERS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'hotmess-console listener' \
AND datname = current_database()"


class Heard:
    """What a second console was told, and when something is."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.contacts: list[Contact] = []
        self._news = asyncio.Event()

    def tell(self, event: Event) -> None:
        """Note an event."""
        self.events.append(event)
        self._news.set()

    def contact(self, contact: Contact) -> None:
        """Note whether the database answers."""
        self.contacts.append(contact)
        self._news.set()

    async def until(self, wanted: object, within: float = 1.0) -> None:
        """Wait for an event or a contact that equals `wanted`."""
        async with asyncio.timeout(within):
            while wanted not in [*self.events, *self.contacts]:
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def listening(database: DeskDatabase, *, late: bool = False) -> AsyncIterator[Heard]:
    """A second console that listens with a colleague's login; `late` when it has read something before."""
    heard = Heard()
    changes = Changes(database.conninfo(OTHER_AGENT), tell=heard.tell, contact=heard.contact, late=late)
    running = asyncio.create_task(changes.run())
    try:
        await heard.until(Contact(True), 5)
        yield heard
    finally:
        running.cancel()


async def test_a_second_console_hears_of_a_change_within_a_second(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, listening(desk_database) as heard:
        case = await seat.new_case()
        await heard.until(CasesChanged((case.id,)))
        heard.events.clear()
        await seat.do(Claim(cases=(case.ref,)))
        await heard.until(CasesChanged((case.id,)))
        await seat.do(AddNote(case=case.id, body="Only for us"))
        await heard.until(MessagesMoved((case.id,)))


async def test_many_changes_are_told_together(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, listening(desk_database) as heard:
        cases = await seat.new_cases([{} for _ in range(20)])
        await asyncio.sleep(0.3)
        heard.events.clear()
        await seat.do(Claim(cases=tuple(case.ref for case in cases)))
        await asyncio.sleep(0.5)
    told = [set(event.ids) for event in heard.events if isinstance(event, CasesChanged)]
    assert set().union(*told) == {case.id for case in cases}
    assert len(told) <= 2


async def test_after_a_cut_connection_it_listens_again_and_says_that_changes_may_be_missing(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat, listening(desk_database) as heard:
        case = await seat.new_case()
        await heard.until(CasesChanged((case.id,)))
        heard.events.clear()
        [(pid,)] = desk_database.rows(LISTENERS)
        desk_database.run("SELECT pg_terminate_backend(%s)", pid)
        await heard.until(Resync(), 5)
        assert [contact.live for contact in heard.contacts] == [True, False, True]
        assert heard.contacts[1].words
        await seat.do(Claim(cases=(case.ref,)))
        await heard.until(CasesChanged((case.id,)))


async def test_listening_that_begins_after_the_first_page_says_that_changes_may_be_missing(
    desk_database: DeskDatabase,
) -> None:
    async with listening(desk_database, late=True) as heard:
        await heard.until(Resync())
    assert heard.events == [Resync()]
    async with listening(desk_database) as heard:
        await asyncio.sleep(0.2)
    assert heard.events == []


async def test_payloads_that_mean_nothing_here_are_ignored(desk_database: DeskDatabase) -> None:
    known = CaseId(uuid4())
    async with listening(desk_database) as heard:
        for payload in (
            "",
            "x",
            "::",
            "ticket",
            "ticket:no-id:1",
            f"planet:{uuid4()}:1",
            f"intake::{uuid4()}",
            "€" * 900,
        ):
            desk_database.run("SELECT pg_notify('console', %s)", payload)
        desk_database.run("SELECT pg_notify('console', %s)", f"ticket:{known}:1")
        await heard.until(CasesChanged((known,)))
    assert heard.events == [CasesChanged((known,))]


async def test_a_wrong_password_is_told_and_tried_again(desk_database: DeskDatabase) -> None:
    heard = Heard()
    wrong = desk_database.server.conninfo(desk_database.name, OTHER_AGENT, "wrong")
    running = asyncio.create_task(Changes(wrong, tell=heard.tell, contact=heard.contact).run())
    await asyncio.sleep(1.5)
    running.cancel()
    assert len(heard.contacts) >= 2
    assert not any(contact.live for contact in heard.contacts)
    assert heard.events == []
