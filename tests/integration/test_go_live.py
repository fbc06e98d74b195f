"""The first day: what lay on the platform before stays history (decision 9)."""

from __future__ import annotations

import psycopg
import pytest

from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.store.install import install
from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.services.intake import Reconcile
from tests.desks import Database, DeskDatabase, staff

pytestmark = pytest.mark.foundation

ALARMS = {
    "cases": "SELECT count(*) FROM console.cases",
    "messages": "SELECT count(*) FROM console.messages",
    "letters": "SELECT count(*) FROM console.deliveries",
    "clocks": "SELECT count(*) FROM console.cases WHERE started_at IS NOT NULL",
    "notices": "SELECT count(*) FROM console.notices",
}


def crowd(database: Database, tickets: int) -> None:
    """A platform with that many old open tickets, a third of them answered once."""
    with psycopg.connect(database.conninfo()) as conn:
        create_demo_platform(conn)
        conn.execute(
            "INSERT INTO public.support_tickets "
            "(user_email, subject, message, category, priority, created_at, updated_at) "
            "SELECT 'person' || n || '@example.org', 'Old ' || n, 'Help', "
            "(ARRAY['safety', 'billing', 'general'])[1 + n %% 3], 'urgent', "
            "now() - make_interval(hours => n), now() - make_interval(hours => n) "
            "FROM generate_series(1, %s) n",
            [tickets],
        )
        conn.execute(
            "INSERT INTO public.ticket_responses (ticket_id, message, created_at) "
            "SELECT id, 'Hello?', created_at FROM public.support_tickets WHERE category = 'safety'"
        )


@pytest.mark.parametrize("tickets", [2_000, pytest.param(60_000, marks=pytest.mark.slow)])
async def test_old_open_tickets_send_nothing_and_start_no_clock(bare_database: Database, tickets: int) -> None:
    crowd(bare_database, tickets)
    install(bare_database.conninfo())
    add_everyone(bare_database.conninfo(), staff())
    desk = DeskDatabase(bare_database.server, bare_database.name)
    async with desk.sit_down() as seat:
        assert (await seat.do(Reconcile())).idle
        assert (await seat.drain()).idle
        # what the web admin does to old tickets makes no case of them either
        desk.run("UPDATE public.support_tickets SET priority = 'high'")
        while not (await seat.drain()).idle:
            pass
    assert {what: desk.one(query) for what, query in ALARMS.items()} == dict.fromkeys(ALARMS, 0)


async def test_a_ticket_written_after_the_go_live_is_work(bare_database: Database) -> None:
    crowd(bare_database, 50)
    install(bare_database.conninfo())
    add_everyone(bare_database.conninfo(), staff())
    desk = DeskDatabase(bare_database.server, bare_database.name)
    async with desk.sit_down() as seat:
        case = await seat.new_case(subject="New")
    assert case.subject == "New"
    assert desk.one(ALARMS["cases"]) == 1
