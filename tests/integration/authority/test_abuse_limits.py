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


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("reads.alarm_per_hour", 2.5),
        ("reads.alarm_per_hour", 1e12),
        ("reads.alarm_per_hour", -1),
        ("reads.alarm_per_hour", "20"),
        ("reads.alarm_per_hour", None),
        ("moderation.ban_second_person", "yes"),
        ("intake.go_live", "2999-01-01T00:00:00+00:00"),
        ("intake.go_live", "some day"),
        ("intake.go_live", "infinity"),
        ("intake.go_live", None),
        ("moderation.ban_second_person", 1),
    ],
)
def test_a_guarded_setting_that_makes_no_sense_cannot_be_asked_for(
    desk: StaffDesk, setting: str, value: object
) -> None:
    with pytest.raises(pg.CheckViolation, match=f"{setting} cannot be"):
        desk.ask(desk.manager, "setting.change", setting, wanted={"value": value})


def test_one_that_does_is_confirmed_and_takes_effect(desk: StaffDesk) -> None:
    for setting, value in (
        ("reads.alarm_per_hour", 7),
        ("moderation.ban_second_person", True),
        ("intake.go_live", "2026-11-01T00:00:00+00:00"),
    ):
        desk.decide(desk.second, desk.ask(desk.manager, "setting.change", setting, wanted={"value": value}))
        row = desk.db.rows("SELECT value, changed_by FROM console.settings WHERE key = %s", setting)
        assert row == [(value, desk.second)]


def test_what_a_manager_gave_as_a_reason_stands_in_no_entry(desk: StaffDesk) -> None:
    change = desk.ask(desk.manager, "staff.disable", desk.agent, reason="Zarquon was rude")
    entry = "SELECT subject, detail::text FROM console_audit.entries WHERE relation = 'manager_changes'"
    [(subject, detail)] = desk.db.rows(entry)
    assert subject == str(change)
    assert "Zarquon" not in detail


async def test_the_command_asks_and_confirms_in_pounds(desk: StaffDesk) -> None:
    async with desk.db.sit_down(desk.manager) as seat:
        await seat.do(ChangeLimit(holder="console_senior", currency="GBP", each=12_000, day=120_000))
        [change] = await seat.queries.manager_changes()
    async with desk.db.sit_down(desk.second) as seat:
        await seat.do(ConfirmChange(change=change.id))
    limits = "SELECT each_minor, day_minor FROM console.refund_limits WHERE holder = 'console_senior'"
    assert desk.db.rows(limits) == [(12_000, 120_000)]
