"""The delivery ledger: each letter leaves once, and what became of it is written down."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hotmess_console.adapters.mail.smtp import SmtpMailer
from hotmess_console.adapters.store.ledger import STALE_AFTER, PostgresLedger
from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import StateError
from hotmess_console.domain.values import MessageId, Status
from hotmess_console.services.replies import Reply, SendAgain
from hotmess_console.services.sending import BACKOFF, Attempt, Dispatcher, Fate, Letter
from hotmess_console.services.undo import Undo
from tests.desks import OTHER_AGENT, DeskDatabase, Seat
from tests.post import open_post

pytestmark = pytest.mark.foundation

STATES = (
    "SELECT d.state FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id WHERE m.kind = 'reply'"
)


class Carrier:
    """A mailer that notes what it was given and answers as told."""

    def __init__(self, fate: Fate = Fate.SENT) -> None:
        self.fate = fate
        self.carried: list[Letter] = []

    async def send(self, letter: Letter) -> Attempt:
        """Take the letter, with a moment in which others may run."""
        self.carried.append(letter)
        await asyncio.sleep(0.001)
        return Attempt(self.fate, f"<{letter.message}@x>" if self.fate is Fate.SENT else "", "said")


async def answered(seat: Seat, **values: object) -> tuple[Case, Reply]:
    """A case without a confirmation, and a reply that is held."""
    case = await seat.new_case(**values)
    seat.db.run("DELETE FROM console.deliveries")
    reply = Reply(case=case.ref, body="We are on it.", then=Status.WAITING)
    await seat.do(reply)
    return await seat.case(case.id), reply


@pytest.fixture(autouse=True)
def deliveries_may_be_deleted(desk_database: DeskDatabase) -> None:
    """Tests start with an empty ledger; only here, and only for the superuser."""
    desk_database.run("ALTER TABLE console.deliveries DISABLE TRIGGER recorded")


async def test_a_letter_is_held_and_then_sent(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case, _ = await answered(seat, subject="Charged twice", name="Ada Lovelace", user_email="ada@example.org")
        with open_post() as (post, server):
            dispatcher = Dispatcher(PostgresLedger(seat.engine), SmtpMailer(server))
            desk_database.pass_time(seconds=18)
            assert await dispatcher.send_due() == 0
            desk_database.pass_time(seconds=3)
            assert await dispatcher.send_due() == 1
            assert await dispatcher.send_due() == 0
        [letter] = post.letters
        [message] = [m for m in (await seat.detail(case.id)).messages if not m.incoming and m.delivery]
    assert letter["Subject"] == f"[HM-{case.number}] Re: Charged twice"
    assert letter["To"] == "Ada Lovelace <ada@example.org>"
    assert letter.get_content().strip() == "We are on it."
    assert message.delivery is not None
    assert message.delivery.state == "sent"
    assert desk_database.rows("SELECT state, provider_id, attempts, claimed_by FROM console.deliveries") == [
        ("sent", letter["Message-ID"], 1, "imani")
    ]


async def test_the_next_letter_of_a_case_refers_to_the_one_before(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case, _ = await answered(seat)
        carrier = Carrier()
        dispatcher = Dispatcher(PostgresLedger(seat.engine), carrier)
        desk_database.pass_time(seconds=30)
        await dispatcher.send_due()
        await seat.do(Reply(case=case.ref, body="And one more thing."))
        desk_database.pass_time(seconds=30)
        await dispatcher.send_due()
    first, second = carrier.carried
    assert (first.reply_to, second.reply_to) == ("", f"<{first.message}@x>")


async def test_two_dispatchers_never_carry_the_same_letter(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        await seat.new_cases([{"subject": f"Case {n}"} for n in range(30)])
        desk_database.pass_time(seconds=30)
        carrier = Carrier()
        dispatchers = [Dispatcher(PostgresLedger(at.engine), carrier) for at in (seat, other) for _ in range(2)]
        await asyncio.gather(*(d.send_due(100) for d in dispatchers))
    assert len(carrier.carried) == 30
    assert len({letter.message for letter in carrier.carried}) == 30
    assert all(letter.automatic for letter in carrier.carried)
    assert desk_database.rows("SELECT state, count(*) FROM console.deliveries GROUP BY state") == [("sent", 30)]


async def test_undo_and_dispatcher_race_and_exactly_one_wins(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        carrier = Carrier()
        dispatcher = Dispatcher(PostgresLedger(other.engine), carrier)
        undone = sent = 0
        for _ in range(12):
            _, reply = await answered(seat)
            desk_database.pass_time(seconds=30)
            outcomes = await asyncio.gather(
                seat.do(Undo(taken_back=reply.id)), dispatcher.send_due(), return_exceptions=True
            )
            refused = isinstance(outcomes[0], StateError)
            assert refused or not isinstance(outcomes[0], BaseException), outcomes
            assert refused == bool(carrier.carried), outcomes
            sent += len(carrier.carried)
            undone += not refused
            carrier.carried.clear()
            [(state,)] = desk_database.rows("SELECT state FROM console.deliveries")
            assert state == ("sent" if refused else "cancelled")
    assert sent + undone == 12


async def test_a_server_that_says_later_is_asked_again_ever_more_seldom(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        await answered(seat)
        carrier = Carrier(Fate.UNREACHABLE)
        dispatcher = Dispatcher(PostgresLedger(seat.engine), carrier)
        desk_database.pass_time(seconds=30)
        for rest in BACKOFF:
            assert await dispatcher.send_due() == 1
            assert desk_database.rows(STATES) == [("held",)]
            desk_database.pass_time(seconds=rest.total_seconds() - 2)
            assert await dispatcher.send_due() == 0
            desk_database.pass_time(seconds=3)
        assert await dispatcher.send_due() == 1
    assert desk_database.rows("SELECT state, attempts, last_error FROM console.deliveries") == [
        ("failed", len(BACKOFF) + 1, "said")
    ]


@pytest.mark.parametrize(("fate", "state"), [(Fate.REFUSED, "failed"), (Fate.UNKNOWN, "unknown")])
async def test_what_failed_or_is_unknown_is_sent_again_only_by_a_person(
    desk_database: DeskDatabase, fate: Fate, state: str
) -> None:
    async with desk_database.sit_down() as seat:
        case, _ = await answered(seat)
        carrier = Carrier(fate)
        dispatcher = Dispatcher(PostgresLedger(seat.engine), carrier)
        desk_database.pass_time(seconds=30)
        await dispatcher.send_due()
        desk_database.pass_time(days=2)
        assert await dispatcher.send_due() == 0
        assert desk_database.rows("SELECT state, last_error FROM console.deliveries") == [(state, "said")]
        carrier.fate = Fate.SENT
        [message] = [m.id for m in (await seat.detail(case.id)).messages if m.delivery]
        await seat.do(SendAgain(case=case.id, messages=(MessageId(message),)))
        assert await dispatcher.send_due() == 1
        with pytest.raises(StateError, match="gone out already"):
            await seat.do(SendAgain(case=case.id, messages=(MessageId(message),)))
    assert [letter.message for letter in carrier.carried] == [message, message]


async def test_a_letter_whose_console_died_is_of_unknown_fate(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        await answered(seat)
        ledger = PostgresLedger(seat.engine)
        desk_database.pass_time(seconds=30)
        [letter] = await ledger.claim(10)
        assert await ledger.give_up_stale() == 0
        desk_database.pass_time(seconds=STALE_AFTER.total_seconds() + 1)
        assert await ledger.give_up_stale() == 1
        assert await ledger.claim(10) == []
        await ledger.settle(letter.message, "sent", Attempt(Fate.SENT), None)
    assert desk_database.rows(STATES) == [("unknown",)]


async def test_a_letter_waits_unclaimed_while_another_is_on_its_way(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        await seat.new_cases([{}, {}])
        desk_database.pass_time(seconds=30)
        seen: list[int] = []

        class Slow(Carrier):
            async def send(self, letter: Letter) -> Attempt:
                seen.append(desk_database.one("SELECT count(*) FROM console.deliveries WHERE state = 'sending'"))
                return await super().send(letter)

        await Dispatcher(PostgresLedger(seat.engine), Slow()).send_due()
    assert seen == [1, 1]


async def test_the_dispatcher_says_its_trouble_once_and_goes_on(desk_database: DeskDatabase) -> None:
    told: list[str] = []
    async with desk_database.sit_down() as seat:
        dispatcher = Dispatcher(PostgresLedger(seat.engine), Carrier(), told=told.append)
        desk_database.run("ALTER TABLE console.deliveries RENAME TO elsewhere")
        running = asyncio.create_task(dispatcher.run())
        await asyncio.sleep(2.3)
        assert len(told) == 1
        assert "not installed" in told[0]
        desk_database.run("ALTER TABLE console.elsewhere RENAME TO deliveries")
        await asyncio.sleep(1.3)
        running.cancel()
    assert told[1:] == [""]


def test_the_whole_attempt_ends_before_its_claim_counts_as_abandoned() -> None:
    from hotmess_console.adapters.mail import smtp

    assert timedelta(seconds=smtp.LONGEST) < STALE_AFTER
