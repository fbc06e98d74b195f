"""Sending what has been held long enough: one attempt at a time for each message, its fate always written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.domain.values import CaseId, MessageId

POLL_SECONDS = 1.0
FINISH_WITHIN_S = 6.0
"""Seconds that a letter under way has to arrive once the console closes; cut off, nobody would know its fate."""
BACKOFF = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""How long a refused message rests before the next attempt; after the last one it has failed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was claimed for sending. `attempts` counts this one too."""

    message: MessageId
    case: CaseId
    to_address: str
    to_name: str
    subject: str
    body: str
    files: tuple[tuple[str, str, bytes], ...]
    """Attached files: name, media type, bytes."""
    attempts: int
    reply_to: str
    """The Message-ID of what this answers, empty where there is none."""
    automatic: bool = False
    """Whether no person wrote it, which is said in its header so that robots do not answer."""


class Fate(StrEnum):
    """How an attempt ended. Unknown: the server may have it; it is shown, never blindly sent again."""

    SENT = "sent"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the mail server said."""

    fate: Fate
    provider_id: str = ""
    words: str = ""


class Mailer(Protocol):
    """What carries letters. Returns the fate, and never raises for what the server said."""

    async def send(self, letter: Letter) -> Attempt: ...


class Ledger(Protocol):
    """The delivery ledger, as the dispatcher sees it."""

    async def claim(self, limit: int) -> Sequence[Letter]: ...
    async def settle(self, message: MessageId, state: str, attempt: Attempt, retry_in: timedelta | None) -> None: ...
    async def give_up_stale(self) -> int: ...


class Dispatcher:
    """Sends due letters until cancelled. Any console may run one: claims never overlap."""

    def __init__(self, ledger: Ledger, mailer: Mailer, *, told: Callable[[str], None] = lambda _: None) -> None:
        self._ledger = ledger
        self._mailer = mailer
        self._told = told
        self._trouble = ""

    async def run(self) -> None:
        """Poll once a second; a failure to reach the database is told once and tried again."""
        while True:
            try:
                await self._ledger.give_up_stale()
                while await self.send_due():
                    pass
                self._say("")
            except ConsoleError as error:
                self._say(str(error))
            await asyncio.sleep(POLL_SECONDS)

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._told(trouble)

    async def send_due(self, limit: int = 10) -> int:
        """Send up to `limit` of what is due now; return how many were tried.

        Each is claimed when its turn comes: one that waited behind a slow server would count as abandoned, be
        released by a person and leave twice.
        """
        for tried in range(limit):
            claimed = await self._ledger.claim(1)
            if not claimed:
                return tried
            await self._finished(self._carry(claimed[0]))
        return limit

    async def _finished(self, carrying: Coroutine[Any, Any, None]) -> None:
        """Carry a letter to its end, also when this is cancelled meanwhile."""
        under_way = asyncio.ensure_future(carrying)
        try:
            await asyncio.shield(under_way)
        except asyncio.CancelledError:
            await asyncio.wait([under_way], timeout=FINISH_WITHIN_S)
            under_way.cancel()
            raise

    async def _carry(self, letter: Letter) -> None:
        await self._settle(letter, await self._mailer.send(letter))

    async def _settle(self, letter: Letter, attempt: Attempt) -> None:
        match attempt.fate:
            case Fate.SENT:
                await self._ledger.settle(letter.message, "sent", attempt, None)
            case Fate.UNKNOWN:
                await self._ledger.settle(letter.message, "unknown", attempt, None)
            case Fate.REFUSED:
                await self._ledger.settle(letter.message, "failed", attempt, None)
            case Fate.UNREACHABLE if letter.attempts <= len(BACKOFF):
                await self._ledger.settle(letter.message, "held", attempt, BACKOFF[letter.attempts - 1])
            case Fate.UNREACHABLE:
                await self._ledger.settle(letter.message, "failed", attempt, None)
