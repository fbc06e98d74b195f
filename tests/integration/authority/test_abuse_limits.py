"""Refund limits, raised past the second manager."""

from __future__ import annotations

import pytest
from psycopg import errors as pg

from hotmess_console.services.staff import ChangeLimit, ConfirmChange
from tests.integration.authority.staff_desk import StaffDesk

pytestmark = pytest.mark.authority


def test_a_refund_limit_changes_when_a_second_manager_whom_it_does_not_concern_confirms_it(desk: StaffDesk) -> None:
    limits = "SELECT each_minor, day_minor FROM console.refund_limits WHERE holder = %s AND currency = %s"
    more = {"currency": "gbp", "each": 3_000, "day": 30_000}
    own = desk.ask(desk.manager, "limit.change", desk.second, wanted={"currency": "eur", "each": 100, "day": 500})
    of_all = desk.ask(desk.manager, "limit.change", "console_agent", wanted=more)
    desk.ask(desk.manager, "limit.change", "console_agent", wanted={**more, "currency": "eur"})
    with pytest.raises(pg.UniqueViolation):
        desk.ask(desk.second, "limit.change", "console_agent", wanted=more)
    for login, change in ((desk.manager, of_all), (desk.manager, own), (desk.second, own)):
        with pytest.raises(pg.CheckViolation):
            desk.decide(login, change)
    before = desk.db.rows(limits, "console_agent", "gbp")
    assert before == [(2_000, 20_000)]
    desk.decide(desk.second, of_all)
    assert desk.db.rows(limits, "console_agent", "gbp") == [(3_000, 30_000)]
    assert desk.db.rows(limits, desk.second, "eur") == []
    done = "SELECT actor FROM console_audit.entries WHERE relation = 'refund_limits' AND action = 'update'"
    assert desk.db.rows(done) == [(desk.second,)]


@pytest.mark.parametrize(
    ("holder", "wanted"),
    [
        ("console_agent", {"currency": "gbp", "each": 10, "day": 9}),
        ("console_agent", {"currency": "gbp", "each": -1, "day": 9}),
        ("console_agent", {"currency": "gbp", "each": 1.5, "day": 9}),
        ("console_agent", {"currency": "GBP", "each": 1, "day": 9}),
        ("console_agent", {"currency": "gbp", "each": 1}),
        ("console_worker", {"currency": "gbp", "each": 1, "day": 9}),
        ("s_nobody00000001", {"currency": "gbp", "each": 1, "day": 9}),
    ],
)
def test_a_refund_limit_that_makes_no_sense_cannot_be_asked_for(
    desk: StaffDesk, holder: str, wanted: dict[str, object]
) -> None:
    with pytest.raises(pg.CheckViolation, match="a limit is of a role"):
        desk.ask(desk.manager, "limit.change", holder, wanted=wanted)


async def test_the_command_asks_and_confirms_in_pounds(desk: StaffDesk) -> None:
    async with desk.db.sit_down(desk.manager) as seat:
        await seat.do(ChangeLimit(holder="console_senior", currency="GBP", each=12_000, day=120_000))
        [change] = await seat.queries.manager_changes()
    async with desk.db.sit_down(desk.second) as seat:
        await seat.do(ConfirmChange(change=change.id))
    limits = "SELECT each_minor, day_minor FROM console.refund_limits WHERE holder = 'console_senior'"
    assert desk.db.rows(limits) == [(12_000, 120_000)]
