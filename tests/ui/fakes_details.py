"""A window and a desk for the details' tests: they note what is asked of them and answer what they were given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Account, Colleague, OtherCase, Person, Staff
from hotmess_console.domain.policy import permissions
from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.threads import Attachment, Delivery, DeliveryState, Happening, Message, Note, Pause
from hotmess_console.domain.tickets import Ticket, TicketDetail
from hotmess_console.domain.values import (
    CaseId,
    Category,
    CommandId,
    Level,
    Login,
    MessageId,
    NoteId,
    Permission,
    Priority,
    Role,
    Status,
)
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.queries import Me, Queries
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Context, Focus
from tests.ui.fakes_composer import case_of

NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
ME, COLLEAGUE = Login("mina"), Login("jo")
STAFF = Staff([Colleague(ME, "Mina Dale", "mina", "MD"), Colleague(COLLEAGUE, "Jo Kerr", "jo", "JK")])
CASE = CaseId(UUID(int=474))
PNG = "image/png"


class FakeBridge:
    """Keeps the commands it is sent; `answers` maps the name of a question to its answer, `fails` refuses all."""

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.files: dict[str, bytes] = {}
        self.fails: Exception | None = None

    async def send(self, command: Command) -> Outcome:
        self.sent.append(command)
        if self.fails is not None:
            raise self.fails
        return Outcome()

    async def ask(self, question: Callable[[Queries], Awaitable[Any]]) -> Any:
        return await question(cast(Queries, self))

    async def attachment(self, id: str) -> bytes:
        if self.fails is not None:
            raise self.fails
        return self.files[id]


class FakeHost:
    """The window as its parts see it; everything asked of it is written down."""

    def __init__(self, window: QWidget, *, masked: bool = False) -> None:
        self.link = FakeBridge()
        self.ran: list[str] = []
        self.opened: list[CaseId] = []
        self.told: list[Notice] = []
        self.refreshed = 0
        self.hides_names = masked
        self.granted = frozenset(p for p in Permission if permissions.allows([Role.AGENT], p))
        self._window = window

    @property
    def bridge(self) -> Bridge:
        return cast(Bridge, self.link)

    @property
    def me(self) -> Me:
        return Me(ME, frozenset({Role.AGENT}), "Mina Dale")

    @property
    def staff(self) -> Staff:
        return STAFF

    @property
    def window(self) -> QWidget:
        return self._window

    @property
    def masked(self) -> bool:
        return self.hides_names

    def context(self) -> Context:
        return Context(None, (), None, None, self.granted, Focus.DETAIL)

    def run_action(self, id: str) -> None:
        self.ran.append(id)

    async def decide(self, command: Command, words: str, *, leaves_queue: Sequence[CaseId] = ()) -> Outcome | None:
        return await self.link.send(command)

    async def undo(self) -> None: ...
    def offer_undo(self, commands: Sequence[CommandId], words: str, cases: Sequence[CaseId]) -> None: ...
    def withdraw_undo(self, commands: Sequence[CommandId]) -> None: ...

    def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    def untell(self, notice: Notice) -> None:
        self.told = [told for told in self.told if told != notice]

    async def open_case(self, case: CaseId) -> None:
        self.opened.append(case)

    def go_to(self, tab: str) -> None: ...
    def focus_queue(self) -> None: ...
    def start_reply(self, template: str | None = None) -> None: ...
    def start_note(self) -> None: ...
    async def send_draft(self, then: str) -> None: ...
    def focus_search(self) -> None: ...

    async def refresh(self) -> None:
        self.refreshed += 1

    def toggle_mask(self) -> None: ...
    def open_palette(self) -> None: ...
    def open_cheat_sheet(self) -> None: ...


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def incoming(number: int, minutes: float, body: str, **also: Any) -> Message:
    given: dict[str, Any] = {"author": None, "author_name": "", "channel": "email", **also}
    return Message(id=MessageId(UUID(int=number)), incoming=True, kind="message", body=body, at=ago(minutes), **given)


def outgoing(number: int, minutes: float, body: str, state: DeliveryState | None, **also: Any) -> Message:
    delivery = None
    if state is not None:
        sent = ago(minutes) if state is DeliveryState.SENT else None
        delivery = Delivery(
            state, "rowan.hale@example.org", NOW + timedelta(seconds=14), sent, error=also.pop("error", "")
        )
    given: dict[str, Any] = {"author": ME, "author_name": "", "channel": "console", **also}
    return Message(
        id=MessageId(UUID(int=number)),
        incoming=False,
        kind="reply",
        body=body,
        at=ago(minutes),
        delivery=delivery,
        **given,
    )


def note(number: int, minutes: float, body: str, author: Login = COLLEAGUE, *, retracted: bool = False) -> Note:
    return Note(NoteId(UUID(int=number)), author, body, ago(minutes), (), retracted)


def ticket(**also: Any) -> Ticket:
    """A billing ticket of Rowan Hale, mine, due in 48 minutes after 26 minutes of pause."""
    given: dict[str, Any] = {
        "id": CASE,
        "number": 10_474,
        "version": 7,
        "subject": "Charged twice for PLUS in November",
        "status": Status.IN_PROGRESS,
        "category": Category.BILLING,
        "priority": Priority.HIGH,
        "level": Level.SUPPORT,
        "assignee": ME,
        "opened_at": ago(218),
        "clock": Clock(ago(218), NOW + timedelta(minutes=48), NOW + timedelta(minutes=48)),
        "requester_name": "Rowan Hale",
        "requester_email": "rowan.hale@example.org",
        "language": "en",
        **also,
    }
    return Ticket(**given)


def detail(ticket_: Ticket | None = None, **also: Any) -> TicketDetail:
    """The ticket with whatever parts are given."""
    shown = ticket_ or ticket()
    return TicketDetail(**{"case": case_of(shown, ""), "ticket": shown, "read_at": NOW, **also})


def file(number: int, name: str = "statement.png", kind: str = PNG, url: str | None = None) -> Attachment:
    return Attachment(UUID(int=number), name, kind, 212_000, None, url)


def happened(number: int, minutes: float, name: str, **also: Any) -> Happening:
    given: dict[str, Any] = {"actor": ME, **also}
    return Happening(command=CommandId(UUID(int=number)), name=name, at=ago(minutes), **given)


def busy_ticket() -> TicketDetail:
    """A ticket with every kind of row, for the pictures."""
    hello = "Hello, my card shows two payments of £9.99 on Saturday, one minute apart. I only have one membership."
    messages = (
        incoming(1, 218, hello + " Could one of them be returned, please?"),
        outgoing(2, 216, "Hi Rowan, we have your message and answer within 4 hours.", DeliveryState.SENT, author=None),
        outgoing(
            3,
            38,
            "Hi Rowan, thank you for writing. We can see both payments and are looking into it.",
            DeliveryState.SENT,
        ),
        incoming(
            4,
            12,
            "Thank you. Both still show as completed this evening. See https://bank.example/help",
            attachments=(file(9),),
        ),
        outgoing(
            5, 4, "We have asked for the second payment to be returned.", DeliveryState.FAILED, error="mailbox full"
        ),
        outgoing(6, 0.1, "We have asked for the second charge of £9.99 to be returned today.", DeliveryState.HELD),
    )
    notes = (
        note(7, 171, "Both charges are on the same subscription; the second came from a repeated tap on a slow line."),
    )
    history = (
        happened(20, 217, "intake.drain"),
        happened(21, 171, "ticket.claim", actor=COLLEAGUE),
        happened(
            22, 170, "ticket.set_priority", params={"priority": "urgent"}, prior={"priority": "high"}, undone=True
        ),
        happened(23, 169, "command.undo", params={"taken_back": str(UUID(int=22))}),
        happened(24, 60, "ticket.assign", actor=COLLEAGUE, params={"to": ME}),
        happened(25, 38, "ticket.reply", params={"then": "waiting_response", "template": "acknowledgment"}),
    )
    return detail(messages=messages, notes=notes, history=history, pauses=(Pause(ago(38), ago(12)),), links=(linked(),))


def linked() -> Case:
    return replace(case_of(ticket(), ""), id=CaseId(UUID(int=480)), number=10_480)


def rowan(**also: Any) -> Person:
    """The person behind `ticket`, with an account and other cases."""
    account = Account(
        UUID(int=1), "rowan.hale@example.org", "Rowan Hale", "rowanh", "they/them", "plus", "active",
        datetime(2026, 12, 21, tzinfo=UTC), datetime(2025, 3, 14, tzinfo=UTC), ago(30), True, "London",
    )  # fmt: skip
    others = (
        OtherCase(CaseId(UUID(int=480)), 10_480, "The payment review", "open", ago(900), False),
        OtherCase(CaseId(UUID(int=300)), 10_300, "Map would not load", "resolved", ago(90_000), True),
    )
    given: dict[str, Any] = {
        "name": "Rowan Hale",
        "email": "rowan.hale@example.org",
        "account": account,
        "cases": others,
    }
    return Person(**{**given, **also})
