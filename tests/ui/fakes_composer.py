"""A window and a desk in memory, for the composer, the dialogs and the ticket actions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.errors import ConsoleError, NotFound
from hotmess_console.domain.people import Account, Colleague, OtherCase, Person, Staff
from hotmess_console.domain.platform import Binding
from hotmess_console.domain.policy import permissions
from hotmess_console.domain.policy.sla import MANUAL, Clock, Targets
from hotmess_console.domain.templates import Template, TemplateVersion
from hotmess_console.domain.threads import Message
from hotmess_console.domain.tickets import Ticket, TicketDetail
from hotmess_console.domain.values import (
    URGENCY_OF,
    CaseId,
    CaseKind,
    Category,
    CommandId,
    Level,
    Login,
    MessageId,
    Priority,
    Role,
    Status,
    TemplateId,
)
from hotmess_console.domain.views import QueueFilter, SavedView
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.queries import COUNT_CAP, PAGE, DeskNotice, Me, Page, Queries, SendingState, Undoable
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Context, Focus

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
ME, JO, LENA, ADA = Login("mina"), Login("jo"), Login("lena"), Login("ada")
STAFF = Staff(
    [
        Colleague(ME, "Mina Dale", "mina", "MD", frozenset({Role.AGENT})),
        Colleague(JO, "Jo Kerr", "jo", "JK", frozenset({Role.AGENT})),
        Colleague(LENA, "Lena Voss", "lena", "LV", frozenset({Role.SENIOR})),
        Colleague(ADA, "Ada Osei", "ada.o", "AO", frozenset({Role.MANAGER})),
    ]
)
REFUND = Template(
    TemplateId("refund-confirmation"),
    "Refund confirmation",
    "support",
    "en",
    3,
    "Your refund",
    "Hi [Name],\n\nWe've returned £[amount] to your card. It should arrive within a week. [next step]",
)
RESOLUTION = Template(
    TemplateId("resolution"), "Resolution", "support", "en", 1, "Resolved", "Hi [Name],\n\n[Details of resolution]"
)
GERMAN = Template(TemplateId("resolution"), "Lösung", "support", "de", 2, "Gelöst", "Hallo [Name],\n\n[details]")
REPORT = Template(
    TemplateId("report-thanks"), "Report thanks", "safety", "en", 1, "Thank you", "Thank you for telling us."
)
TEMPLATES = (REFUND, RESOLUTION, GERMAN, REPORT)


def make_ticket(number: int = 10_482, **changes: object) -> Ticket:
    """An ordinary billing ticket of Rowan Hale that is mine, with `changes`."""
    ticket = Ticket(
        CaseId(UUID(int=number)),
        number,
        7,
        "Charged twice for PLUS in November",
        Status.IN_PROGRESS,
        Category.BILLING,
        Priority.HIGH,
        Level.SUPPORT,
        ME,
        NOW - timedelta(hours=3),
        clock=Clock(NOW - timedelta(hours=3), NOW + timedelta(minutes=48), NOW + timedelta(minutes=48)),
        language="en",
        requester_name="Rowan Hale",
        requester_email="rowan.hale@example.org",
    )
    return replace(ticket, **changes)  # type: ignore[arg-type]


def case_of(ticket: Ticket, first_words: str = "Two payments of £9.99 on 21 Nov, only one membership.") -> Case:
    """The queue's row of a ticket that begins with these words."""
    due = ticket.clock.due_at if ticket.clock else None
    return Case(
        ticket.id,
        ticket.number,
        CaseKind.TICKET,
        ticket.subject,
        first_words,
        ticket.status,
        ticket.category,
        ticket.priority,
        URGENCY_OF[ticket.priority],
        ticket.level,
        ticket.assignee,
        ticket.opened_at,
        due,
        due or NOW,
        ticket.clock.paused_at if ticket.clock else None,
        ticket.snoozed_until,
        ticket.language,
        ticket.unread,
        ticket.version,
    )


def message(body: str, *, incoming: bool = True, author: str = "Rowan Hale", retracted: bool = False) -> Message:
    """A message of the thread, of now."""
    login = None if incoming else JO
    id = MessageId(uuid4())
    return Message(id, incoming, "reply", login, author, body, NOW, "email", retracted=retracted)


def make_detail(ticket: Ticket | None = None, *messages: Message) -> TicketDetail:
    """The open case."""
    ticket = ticket or make_ticket()
    said = messages or (message("My card shows two payments. Could one be returned?"),)
    return TicketDetail(case_of(ticket), ticket, said, read_at=NOW)


class FakeQueries:
    """`Queries` over lists that a test fills."""

    def __init__(self) -> None:
        self.tickets: dict[CaseId, TicketDetail] = {}
        self.people: list[Account] = []
        self.persons: dict[CaseId, Person] = {}
        self.notice_list: list[DeskNotice] = []
        self.undo_list: list[Undoable] = []
        self.version_list: list[TemplateVersion] = []
        self.template_list: list[Template] = list(TEMPLATES)
        self.values: dict[str, object] = {
            "messages.hold_seconds": 20,
            "mail.from_name": "HOTMESS Support",
            "mail.from_address": "support@example.org",
        }

    def add(self, *details: TicketDetail) -> None:
        self.tickets |= {detail.case.id: detail for detail in details}

    async def me(self) -> Me:
        return Me(ME, frozenset({Role.AGENT}), "Mina Dale")

    async def now(self) -> datetime:
        return NOW

    async def staff(self) -> Staff:
        return STAFF

    async def page(self, wanted: QueueFilter, after: CaseKey | None = None, limit: int = PAGE) -> Page:
        found = await self.matching(wanted)
        return Page(tuple(found[:limit]), len(found) > limit)

    async def count(self, wanted: QueueFilter, cap: int = COUNT_CAP) -> int:
        return min(cap, len(await self.matching(wanted)))

    async def matching(self, wanted: QueueFilter) -> Sequence[Case]:
        text = wanted.text.casefold()
        return [d.case for d in self.tickets.values() if text in f"{d.case.reference} {d.case.subject}".casefold()]

    async def cases(self, ids: Sequence[CaseId]) -> Sequence[Case]:
        return [self.tickets[id].case for id in ids if id in self.tickets]

    async def by_number(self, number: int) -> Case:
        found = [d.case for d in self.tickets.values() if d.case.number == number]
        if not found:
            raise NotFound(f"There is no HM-{number}.", hint="Check the number.")
        return found[0]

    async def ticket(self, case: CaseId) -> TicketDetail:
        if case not in self.tickets:
            raise NotFound("This case is gone.")
        return self.tickets[case]

    async def person(self, case: CaseId) -> Person:
        return self.persons.get(case, Person("Rowan Hale", "rowan.hale@example.org"))

    async def find_people(self, text: str, limit: int = 20) -> Sequence[Account]:
        return [a for a in self.people if text.casefold() in f"{a.email} {a.display_name}".casefold()][:limit]

    async def template_versions(self, id: TemplateId, language: str) -> Sequence[TemplateVersion]:
        return self.version_list

    async def templates(self) -> Sequence[Template]:
        return self.template_list

    async def saved_views(self) -> Sequence[SavedView]:
        return []

    async def targets(self) -> Targets:
        return MANUAL

    async def settings(self) -> Mapping[str, object]:
        return self.values

    async def notices(self) -> Sequence[DeskNotice]:
        return self.notice_list

    async def undoable(self) -> Sequence[Undoable]:
        return self.undo_list

    async def attachment(self, id: str) -> bytes:
        raise NotFound("There is no such file.")

    async def bindings(self) -> Sequence[Binding]:
        return []

    async def sending_state(self) -> SendingState:
        return SendingState(0, 0, 0)


class FakeBridge(Bridge):
    """Answers at once in the GUI thread; no thread, no database."""

    def __init__(self, queries: FakeQueries) -> None:
        QObject.__init__(self)
        self.queries = queries
        self.sent: list[Command] = []
        self.refusal: ConsoleError | None = None
        self.answer: Callable[[Command], Outcome] = accepted

    async def send(self, command: Command) -> Outcome:
        await asyncio.sleep(0)
        self.sent.append(command)
        if self.refusal is not None:
            raise self.refusal
        return self.answer(command)

    async def ask(self, question: Callable[[Queries], Awaitable[T]]) -> T:
        await asyncio.sleep(0)
        return await question(self.queries)


def accepted(command: Command) -> Outcome:
    """Every case of the command changed."""
    refs = getattr(command, "cases", ())
    return Outcome(tuple(ref.id for ref in refs))


class FakeHost:
    """`Host` that remembers what it was asked for."""

    def __init__(
        self, window: QWidget, *details: TicketDetail, roles: frozenset[Role] = frozenset({Role.AGENT})
    ) -> None:
        self.queries = FakeQueries()
        self.queries.add(*details)
        self.desk = FakeBridge(self.queries)
        self._window = window
        self._me = Me(ME, roles, "Mina Dale")
        self.detail: TicketDetail | None = details[0] if details else None
        self.chosen: tuple[Case, ...] = tuple(d.case for d in details[:1])
        self.all_matching: QueueFilter | None = None
        self.told: list[Notice] = []
        self.untold: list[Notice] = []
        self.offered: list[tuple[tuple[CommandId, ...], str, tuple[CaseId, ...]]] = []
        self.withdrawn: list[CommandId] = []
        self.decided: list[tuple[Command, str, tuple[CaseId, ...]]] = []
        self.opened: list[CaseId] = []
        self.calls: list[str] = []
        self.gate: asyncio.Event | None = None
        self.is_masked = False

    @property
    def bridge(self) -> Bridge:
        return self.desk

    @property
    def me(self) -> Me:
        return self._me

    @property
    def staff(self) -> Staff:
        return STAFF

    @property
    def window(self) -> QWidget:
        return self._window

    @property
    def masked(self) -> bool:
        return self.is_masked

    def run_action(self, id: str) -> None:
        self.calls.append(f"run {id}")

    def context(self) -> Context:
        allowed = frozenset(p for role in self._me.roles for p in permissions.GRANTS[role])
        case = self.detail.case if self.detail else None
        return Context(case, self.chosen, self.all_matching, self.detail, allowed, Focus.QUEUE)

    async def decide(self, command: Command, words: str, *, leaves_queue: Sequence[CaseId] = ()) -> Outcome | None:
        self.decided.append((command, words, tuple(leaves_queue)))
        if self.gate is not None:
            await self.gate.wait()
        try:
            return await self.desk.send(command)
        except ConsoleError as error:
            self.tell(notice_for(error))
            return None

    async def undo(self) -> None:
        self.calls.append("undo")

    def offer_undo(self, commands: Sequence[CommandId], words: str, cases: Sequence[CaseId]) -> None:
        self.offered.append((tuple(commands), words, tuple(cases)))

    def withdraw_undo(self, commands: Sequence[CommandId]) -> None:
        self.withdrawn += commands

    def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    def untell(self, notice: Notice) -> None:
        self.untold.append(notice)

    async def open_case(self, case: CaseId) -> None:
        self.opened.append(case)

    def go_to(self, tab: str) -> None:
        self.calls.append(f"go to {tab}")

    def focus_queue(self) -> None:
        self.calls.append("focus queue")

    def start_reply(self, template: str | None = None) -> None:
        self.calls.append(f"reply {template}")

    def start_note(self) -> None:
        self.calls.append("note")

    async def send_draft(self, then: str) -> None:
        self.calls.append(f"send {then}")

    def focus_search(self) -> None:
        self.calls.append("search")

    async def refresh(self) -> None:
        self.calls.append("refresh")

    def toggle_mask(self) -> None:
        self.calls.append("mask")

    def open_palette(self) -> None:
        self.calls.append("palette")

    def open_cheat_sheet(self) -> None:
        self.calls.append("cheat sheet")


def other_case(detail: TicketDetail) -> OtherCase:
    """A case as the person pane lists it."""
    case = detail.case
    return OtherCase(case.id, case.number, case.subject, case.status.value, case.opened_at, False)


async def settle(turns: int = 12) -> None:
    """Let tasks and queued signals take their turns."""
    for _ in range(turns):
        await asyncio.sleep(0)
