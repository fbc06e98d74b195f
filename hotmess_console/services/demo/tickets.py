"""Tickets of the demo: every situation once, then again with other people, places, dates and amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID, uuid5

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category, Level, Login, Status
from hotmess_console.services.demo import timing
from hotmess_console.services.demo.people import (
    DEMO_NAMESPACE,
    ROUND,
    DemoAccount,
    account_at,
    index_of,
    speakers_among,
)
from hotmess_console.services.demo.situations import (
    By,
    ScriptedTurn,
    Situation,
    read_situations,
    read_table,
)
from hotmess_console.services.demo.staff import DemoStaff, desk_for
from hotmess_console.services.demo.wording import SEED, Wording

_HOSTILE_EVERY = 5  # rounds: enough to meet one, not enough to look like an attack


@dataclass(frozen=True, slots=True)
class DemoTurn:
    """Something written on a ticket after its first message; `author` is a staff login, None for the user."""

    by: By
    author: Login | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DemoTicket:
    """One ticket as it stands when the demo begins. Times are aware and not later than the demo's now."""

    id: UUID
    situation: str
    requester: DemoAccount
    has_account: bool
    """False when the requester wrote by the contact form without being signed in."""
    subject: str
    message: str
    category: Category
    language: str
    status: Status
    level: Level
    assignee: Login | None
    created_at: datetime
    updated_at: datetime
    turns: tuple[DemoTurn, ...]


def accounts_needed(size: int) -> int:
    """How many demo accounts cover the requesters of the first `size` tickets."""
    return max(5, size // 55 + 1) * ROUND


def demo_tickets(size: int, seed: int = SEED, *, now: datetime) -> Iterator[DemoTicket]:
    """The first `size` tickets of the seed's world; more of them never changes the earlier ones.

    `now` is an aware time: at it some tickets are overdue, some due soon and most are calm.
    Raises `BadInput` when `now` is naive.
    """
    if now.tzinfo is None:
        raise BadInput("The demo needs an aware time.")
    order = _order(seed)
    return (_ticket(next(order), index, seed, now) for index in range(size))


def _order(seed: int) -> Iterator[Situation]:
    """Rounds through all situations, shuffled anew each time."""
    rng = Random(f"{seed}:order")
    turn = 0
    while True:
        pool = [one for one in read_situations() if turn % _HOSTILE_EVERY == 0 or not one.hostile]
        rng.shuffle(pool)
        yield from pool
        turn += 1


def _ticket(situation: Situation, index: int, seed: int, now: datetime) -> DemoTicket:
    rng = Random(f"{seed}:ticket:{index}")
    plan = timing.plan(situation, index, rng, now)
    requester = account_at(_requester(situation.language, index, rng), seed)
    worker = rng.choice(desk_for(situation.category, plan.level)) if plan.claimed else None
    wording = _wording(situation, plan.created_at, requester, worker, seed, rng)
    subject = wording.fill(situation.subject)  # first: a tier named there sets the price in the message
    return DemoTicket(
        id=uuid5(DEMO_NAMESPACE, f"{seed}:ticket:{index}"),
        situation=situation.id,
        requester=requester,
        has_account=situation.category is not Category.BUSINESS or rng.random() < 0.3,
        subject=subject,
        message=_letter(situation, wording, rng),
        category=situation.category,
        language=situation.language,
        status=plan.status,
        level=plan.level,
        assignee=worker.login if worker else None,
        created_at=plan.created_at,
        updated_at=plan.turns_at[-1] if plan.turns_at else plan.created_at,
        turns=tuple(
            _turn(turn, at, situation, wording, worker)
            for turn, at in zip(situation.thread, plan.turns_at, strict=False)
        ),
    )


def _requester(language: str, index: int, rng: Random) -> int:
    """Somebody who writes in the language, from a crowd that grows with the number of tickets."""
    return index_of(language, rng.randrange(speakers_among(language, accounts_needed(index))))


def _wording(
    situation: Situation,
    at: datetime,
    requester: DemoAccount,
    worker: DemoStaff | None,
    seed: int,
    rng: Random,
) -> Wording:
    other = account_at(rng.randrange(ROUND * 5), seed)
    given = {
        "name": requester.given_name,
        "handle": other.handle,
        "staff": worker.name.split()[0] if worker else "",
    }
    given["person"] = rng.choice(read_table("people.toml")["en-GB"]["given"])
    return Wording(rng, read_table("slots.toml"), situation.language, at.date(), given)


def _letter(situation: Situation, wording: Wording, rng: Random) -> str:
    body = wording.fill(situation.message)
    if situation.bare:
        return body
    form = read_table("letters.toml")[situation.language]
    parts = (rng.choice(form["greetings"]), body, wording.fill(rng.choice(form["closings"])))
    return "\n\n".join(part for part in parts if part)


def _turn(
    turn: ScriptedTurn, at: datetime, situation: Situation, wording: Wording, worker: DemoStaff | None
) -> DemoTurn:
    text = wording.fill(turn.text)
    if turn.by == "staff":
        form = read_table("letters.toml")[situation.language]
        text = f"{wording.fill(form['answer'])}\n\n{text}\n\n{wording.fill(form['signed'])}"
    return DemoTurn(turn.by, worker.login if worker and turn.by != "user" else None, text, at)
