"""The dispatcher: what becomes of a letter after each kind of answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest

from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.sending import BACKOFF, Attempt, Dispatcher, Fate, Letter

pytestmark = pytest.mark.foundation

Settled = tuple[MessageId, str, timedelta | None]


def a_letter(attempts: int = 1) -> Letter:
    """A letter that was claimed for the `attempts`-th time."""
    return Letter(MessageId(uuid4()), CaseId(uuid4()), "a@example.org", "", "[HM-1] Re: x", "Hello", (), attempts, "")


class InMemory:
    """A ledger and a mailer that note what they are asked, in its order."""

    def __init__(self, letters: Sequence[Letter], fate: Fate) -> None:
        self.waiting = list(letters)
        self.fate = fate
        self.settled: list[Settled] = []
        self.order: list[str] = []

    async def claim(self, limit: int) -> Sequence[Letter]:
        self.order.append(f"claim {limit}")
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    async def settle(self, message: MessageId, state: str, attempt: Attempt, retry_in: timedelta | None) -> None:
        self.order.append("settle")
        self.settled.append((message, state, retry_in))

    async def give_up_stale(self) -> int:
        return 0

    async def send(self, letter: Letter) -> Attempt:
        self.order.append("send")
        return Attempt(self.fate)


@pytest.mark.parametrize(
    ("fate", "attempts", "state", "rest"),
    [
        (Fate.SENT, 1, "sent", None),
        (Fate.REFUSED, 1, "failed", None),
        (Fate.UNKNOWN, 1, "unknown", None),
        *((Fate.UNREACHABLE, n, "held", rest) for n, rest in enumerate(BACKOFF, 1)),
        (Fate.UNREACHABLE, len(BACKOFF) + 1, "failed", None),
    ],
)
async def test_each_answer_is_written_down_as_its_state(
    fate: Fate, attempts: int, state: str, rest: timedelta | None
) -> None:
    letter = a_letter(attempts)
    desk = InMemory([letter], fate)
    assert await Dispatcher(desk, desk).send_due() == 1
    assert desk.settled == [(letter.message, state, rest)]


async def test_one_letter_is_finished_before_the_next_is_claimed() -> None:
    desk = InMemory([a_letter(), a_letter()], Fate.SENT)
    assert await Dispatcher(desk, desk).send_due() == 2
    assert desk.order == ["claim 1", "send", "settle"] * 2 + ["claim 1"]


async def test_a_round_ends_after_its_limit_so_that_stale_claims_are_looked_at() -> None:
    desk = InMemory([a_letter() for _ in range(5)], Fate.SENT)
    assert await Dispatcher(desk, desk).send_due(3) == 3
    assert len(desk.waiting) == 2


def test_each_rest_is_longer_than_the_one_before() -> None:
    assert list(BACKOFF) == sorted(BACKOFF)
    assert len(set(BACKOFF)) == len(BACKOFF)


async def test_a_letter_under_way_arrives_before_the_console_closes() -> None:
    class Slow(InMemory):
        async def send(self, letter: Letter) -> Attempt:
            under_way.set()
            await asyncio.sleep(0.05)
            return await super().send(letter)

    under_way = asyncio.Event()
    desk = Slow([a_letter(), a_letter()], Fate.SENT)
    running = asyncio.ensure_future(Dispatcher(desk, desk).run())
    await under_way.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [state for _, state, _ in desk.settled] == ["sent"]
    assert len(desk.waiting) == 1
