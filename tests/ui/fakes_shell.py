"""A console in memory for the window's tests: cases that commands change, events that follow, a line that can break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.errors import ConsoleError, NotFound, StaleError, Unreachable
from hotmess_console.domain.events import CasesChanged, Event
from hotmess_console.domain.people import Account, Colleague, OtherCase, Person, Staff
from hotmess_console.domain.platform import Binding
from hotmess_console.domain.policy.sla import MANUAL, Clock, Targets
from hotmess_console.domain.templates import Template, TemplateVersion
from hotmess_console.domain.threads import Delivery, DeliveryState, Message, Note, Pause
from hotmess_console.domain.tickets import Ticket, TicketDetail
from hotmess_console.domain.values import (
    CaseId,
    Category,
    Login,
    MessageId,
    NoteId,
    Role,
    Status,
    TemplateId,
    Urgency,
)
from hotmess_console.domain.views import QueueFilter, SavedView, matches
from hotmess_console.services.bus import Bus, Command, Outcome
from hotmess_console.services.console import Console, Contact, Listener
from hotmess_console.services.queries import COUNT_CAP, PAGE, DeskNotice, Me, Page, SendingState, Undoable
from hotmess_console.services.replies import Reply
from hotmess_console.services.support import Resolve
from hotmess_console.services.undo import Undo
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.shell import Shell
from tests.ui.queue_samples import make_case

NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
ME, JO, PAT = Login("mina"), Login("jo"), Login("pat")
STAFF = Staff(
    [
        Colleague(ME, "Mina Dale", "mina", "MD", frozenset({Role.AGENT})),
        Colleague(JO, "Jo Kerr", "jo", "JK", frozenset({Role.AGENT})),
        Colleague(PAT, "Pat Noor", "pat", "PN", frozenset({Role.SENIOR})),
    ]
)
PEOPLE = (
    "Rowan Hale", "Ines Marlow", "Theo Brandt", "Sam Okafor", "Noor Vesely", "Kit Andersson", "Lio Castellan",
)  # fmt: skip
TEMPLATES = (
    Template(
        TemplateId("refund-confirmation"), "Refund confirmation", "support", "en", 3, "Your refund",
        "Hi [Name],\n\nYour £[amount] is on its way back to the card that you paid with.",
    ),
    Template(
        TemplateId("resolution"), "Resolution", "support", "en", 1, "Solved", "Hi [Name],\n\n[Details of resolution]",
    ),
)  # fmt: skip


def person_of(case: Case) -> str:
    """Who wrote this case."""
    return PEOPLE[case.number % len(PEOPLE)]


def detail_of(case: Case) -> TicketDetail:
    """The thread that goes with a row of the queue; of a guarded one there is the row only."""
    name = person_of(case)
    minutes = timedelta(minutes=1)
    clock = Clock(case.opened_at, case.due_at, case.due_at, case.paused_at)
    if case.guarded:
        bare = Ticket(
            case.id, case.number, case.version, case.subject, case.status, case.category, case.priority, case.level,
            case.assignee, case.opened_at, clock=clock, guarded=True,
        )  # fmt: skip
        return TicketDetail(case, bare, read_at=NOW)
    ticket = Ticket(
        case.id, case.number, case.version, case.subject, case.status, case.category, case.priority, case.level,
        case.assignee, case.opened_at, clock=clock, first_response_at=NOW - 38 * minutes, language="en",
        requester_name=name, requester_email=f"{name.split()[0].lower()}@example.org",
    )  # fmt: skip
    delivery = Delivery(DeliveryState.SENT, "a@example.org", NOW - 38 * minutes, NOW - 38 * minutes)
    messages = (
        _said(case, 1, f"Hello, {case.snippet[0].lower()}{case.snippet[1:]}. Could you look into it, please?", 216),
        replace(
            _said(case, 2, "Thank you for writing. We are looking into it, and you need not do anything.", 38),
            incoming=False, author=ME, author_name="Mina Dale", delivery=delivery,
        ),
        _said(case, 3, "Thank you. It is the same this evening, I have just tried again.", 12),
    )  # fmt: skip
    note = Note(
        NoteId(uuid5(case.id, "note")), JO, "Seen once before, on a slow line. First request.", NOW - 171 * minutes
    )
    pause = Pause(NOW - 38 * minutes, NOW - 12 * minutes)
    return TicketDetail(case, ticket, messages, (note,), (pause,), read_at=NOW)


def _said(case: Case, place: int, body: str, minutes_ago: int) -> Message:
    id = MessageId(uuid5(case.id, str(place)))
    return Message(id, True, "reply", None, person_of(case), body, NOW - timedelta(minutes=minutes_ago), "email")


class FakeQueries:
    """`Queries` over cases that a test holds. `broken` fails everything; `pause` delays by so many seconds."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.held: dict[CaseId, Case] = {case.id: case for case in cases}
        self.broken: ConsoleError | None = None
        self.pause = 0.0
        self.asked: list[str] = []
        self.sending = SendingState(0, 0, 0)
        self.views: list[SavedView] = []
        self.done: list[Undoable] = []
        self.told: list[DeskNotice] = []
        self.said: dict[CaseId, tuple[Message, ...]] = {}
        self.least_count = 0

    async def _answer(self, name: str) -> None:
        self.asked.append(name)
        if self.pause:
            await asyncio.sleep(self.pause)
        if self.broken is not None:
            raise self.broken

    def _matching(self, wanted: QueueFilter) -> list[Case]:
        words = wanted.text.casefold().split()
        found = (c for c in self.held.values() if matches(c, wanted, me=ME, now=NOW))
        kept = [c for c in found if all(word in f"{c.subject} {c.reference}".casefold() for word in words)]
        return sorted(kept, key=lambda c: (c.urgency, c.rank_at, c.id))

    async def me(self) -> Me:
        return Me(ME, frozenset({Role.AGENT}), "Mina Dale")

    async def now(self) -> datetime:
        await self._answer("now")
        return NOW

    async def staff(self) -> Staff:
        return STAFF

    async def page(self, wanted: QueueFilter, after: CaseKey | None = None, limit: int = PAGE) -> Page:
        await self._answer("page")
        found = self._matching(wanted)
        if after is not None:
            key = (after.urgency, after.rank_at, after.id)
            found = [c for c in found if (int(c.urgency), c.rank_at, c.id) > key]
        return Page(tuple(found[:limit]), len(found) > limit)

    async def count(self, wanted: QueueFilter, cap: int = COUNT_CAP) -> int:
        await self._answer("count")
        return min(cap, max(self.least_count, len(self._matching(wanted))))

    async def matching(self, wanted: QueueFilter) -> Sequence[Case]:
        return self._matching(wanted)

    async def cases(self, ids: Sequence[CaseId]) -> Sequence[Case]:
        await self._answer("cases")
        return [self.held[case] for case in ids if case in self.held]

    async def by_number(self, number: int) -> Case:
        found = next((c for c in self.held.values() if c.number == number), None)
        if found is None:
            raise NotFound(f"There is no case HM-{number} that you may see.", hint="Check the number.")
        return found

    async def ticket(self, case: CaseId) -> TicketDetail:
        await self._answer("ticket")
        if case not in self.held:
            raise NotFound("This case is gone.", hint="Refresh the queue.")
        detail = detail_of(self.held[case])
        return replace(detail, messages=(*detail.messages, *self.said.get(case, ())))

    async def person(self, case: CaseId) -> Person:
        await self._answer("person")
        name = person_of(self.held[case])
        account = Account(
            UUID(int=self.held[case].number), None, name, name.split()[0].lower(), "they/them", "plus", "active",
            NOW + timedelta(days=28), NOW - timedelta(days=620), NOW - timedelta(hours=2), True, "London",
        )  # fmt: skip
        other = OtherCase(CaseId(UUID(int=99_000)), 10_190, "Payment review", "open", NOW - timedelta(days=2), False)
        return Person(name, f"{name.split()[0].lower()}@example.org", account, (other,))

    async def find_people(self, text: str, limit: int = 20) -> Sequence[Account]:
        return []

    async def template_versions(self, id: TemplateId, language: str) -> Sequence[TemplateVersion]:
        return []

    async def templates(self) -> Sequence[Template]:
        return TEMPLATES

    async def saved_views(self) -> Sequence[SavedView]:
        return self.views

    async def targets(self) -> Targets:
        return MANUAL

    async def settings(self) -> Mapping[str, object]:
        return {"messages.hold_seconds": 20}

    async def notices(self) -> Sequence[DeskNotice]:
        return self.told

    async def undoable(self) -> Sequence[Undoable]:
        return self.done

    async def attachment(self, id: str) -> bytes:
        return b""

    async def bindings(self) -> Sequence[Binding]:
        return []

    async def sending_state(self) -> SendingState:
        return self.sending


class FakeBus(Bus):
    """Takes commands: `refuses` is raised instead, and each answer waits while `gate` is not set."""

    def __init__(self, queries: FakeQueries) -> None:
        super().__init__(frozenset({Role.AGENT}), lambda: _no_work())
        self._queries = queries
        self.sent: list[Command] = []
        self.refuses: ConsoleError | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def execute(self, command: Command) -> Outcome:
        self.sent.append(command)
        await self.gate.wait()
        if self.refuses is not None:
            raise self.refuses
        changed = tuple(self._apply(command))
        for event in (CasesChanged(changed, command.id),):
            self.publish(event)
        return Outcome(changed, hold_until=NOW + timedelta(seconds=20) if isinstance(command, Reply) else None)

    def _apply(self, command: Command) -> list[CaseId]:
        held = self._queries.held
        if isinstance(command, Undo):
            taken = next(c for c in self.sent if c.id == command.taken_back)
            return [self._change(ref.id, status=Status.IN_PROGRESS) for ref in _refs(taken)]
        for ref in _refs(command):
            if held[ref.id].version != ref.version:
                raise StaleError(
                    "Somebody else changed this case since you read it.", hint="Look and decide once more."
                )
        if isinstance(command, Resolve) or (isinstance(command, Reply) and command.then is Status.RESOLVED):
            return [self._change(ref.id, status=Status.RESOLVED) for ref in _refs(command)]
        return [self._change(ref.id, assignee=ME) for ref in _refs(command)]

    def _change(self, case: CaseId, **changes: Any) -> CaseId:
        was = self._queries.held[case]
        self._queries.held[case] = replace(was, version=was.version + 1, **changes)
        return case


def _refs(command: Command) -> Sequence[Any]:
    found = getattr(command, "cases", None) or (getattr(command, "case", None),)
    return [ref for ref in found if ref is not None and not isinstance(ref, UUID)]


def _no_work() -> Any:
    raise Unreachable("There is no database in this test.")


class FakeDesk:
    """A console in memory with its bridge; `open_console` is what the bridge opens."""

    def __init__(self, cases: Sequence[Case], *, refuses: Exception | None = None) -> None:
        self.queries = FakeQueries(cases)
        self.bus = FakeBus(self.queries)
        self.refuses = refuses
        self.seconds = 1_000.0
        self.bridge = Bridge(self.open_console)

    async def open_console(self, listener: Listener) -> Console:
        if self.refuses is not None:
            raise self.refuses
        self.bus.subscribe(listener.on_event)
        return Console(await self.queries.me(), self.bus, self.queries, self._close, "demo")

    async def _close(self) -> None:
        return None

    def monotonic(self) -> float:
        """A clock that stands still until a test moves `seconds`."""
        return self.seconds

    def happen(self, event: Event) -> None:
        """Something happens elsewhere."""
        self.bridge.on_event(event)

    def change(self, case: CaseId, **changes: Any) -> Case:
        """A colleague changes a case."""
        was = self.queries.held[case]
        now = self.queries.held[case] = replace(was, version=was.version + 1, **changes)
        self.happen(CasesChanged((case,)))
        return now

    def lose(self, words: str = "connection refused") -> None:
        """The line breaks."""
        self.queries.broken = Unreachable("The database cannot be reached.", hint="Your drafts are kept.")
        self.bridge.on_contact(Contact(False, words))


def mine(count: int) -> list[Case]:
    """So many cases of mine in queue order."""
    return [replace(make_case(number), assignee=ME, status=Status.IN_PROGRESS) for number in range(1, count + 1)]


async def until(holds: Callable[[], bool], what: str, *, seconds: float = 5.0) -> None:
    """Wait until something is true, or fail saying what was waited for."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not holds():
        assert loop.time() < end, f"waited in vain until {what}"
        await asyncio.sleep(0.005)


async def opened(desk: FakeDesk, *, size: tuple[int, int] = (1280, 800), first: str = "My queue") -> Shell:
    """The window over a desk, its first view shown and the open case read."""
    shell = Shell(desk.bridge, monotonic=desk.monotonic, zone=LONDON)
    shell.resize(*size)
    shell.show()
    desk.bridge.start()
    await until(lambda: shell.parts is not None, "the desk stands")
    shell.activateWindow()
    assert shell.parts is not None
    tab = shell.parts.tickets
    if first != "My queue":
        tab.filter_bar.open_view(first)
    await until(lambda: tab.controller.state.value == "ready", "the first page is there")
    await until(lambda: tab.case is None or tab.shown is not None, "the open case is read")
    return shell


async def closed(shell: Shell, desk: FakeDesk) -> None:
    """Close the window and its I/O thread, and wait for what was still asked."""
    shell.close_now()
    desk.bridge.stop()
    await shell.running.finished()
    await asyncio.sleep(0.02)
    shell.deleteLater()
    await asyncio.sleep(0)


Journey = Callable[[Shell, FakeDesk], Coroutine[Any, Any, None]]


async def on_desk(
    desk: FakeDesk, journey: Journey, *, size: tuple[int, int] = (1280, 800), first: str = "My queue"
) -> None:
    """Open the window over `desk`, live through `journey`, close it whatever happens."""
    shell = await opened(desk, size=size, first=first)
    try:
        await journey(shell, desk)
    finally:
        await closed(shell, desk)


def busy_mine() -> list[Case]:
    """The busy night, with more of it mine."""
    from tests.ui.queue_samples import busy_night

    keep = {Urgency.IMMEDIATE, Urgency.HIGH}
    return [
        replace(case, assignee=ME) if case.urgency in keep and case.category is Category.BILLING else case
        for case in busy_night()
    ]
