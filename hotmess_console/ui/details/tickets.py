"""The middle of the window for a ticket: its head, its clock and its thread, or why they are not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Person
from hotmess_console.domain.threads import Attachment
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, MessageId, Status
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.details.attachments import ChoosePlace, RowButton, ask_for_place, save
from hotmess_console.ui.details.calls import start
from hotmess_console.ui.details.danger_band import DangerBand
from hotmess_console.ui.details.guarded import GuardedState
from hotmess_console.ui.details.header import DEFAULT_KEYS, TicketHeader
from hotmess_console.ui.details.link_sheet import OpenUrl, ask_about
from hotmess_console.ui.details.thread import ThreadView
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.clock_words import ClockWords, clock_words
from hotmess_console.ui.viewmodels.mask import Mask, mask_for
from hotmess_console.ui.viewmodels.thread_rows import Flight, flying_row, rows_of
from hotmess_console.ui.viewmodels.when import workstation_zone
from hotmess_console.ui.widgets.chip import Tone
from hotmess_console.ui.widgets.clock_bar import ClockBar, ClockFace
from hotmess_console.ui.widgets.empty_state import EmptyState, Variant
from hotmess_console.ui.widgets.loading import LoadingBars
from hotmess_console.ui.widgets.pane import Pane, Rule


class TicketDetailPane(Pane):
    """Shows one ticket, or that it is being read, that there is none, or that it could not be read.

    The shell puts the composer below through `add_below`, and calls `tick` each second with the database's time.
    """

    def __init__(
        self,
        host: Host,
        *,
        zone: ZoneInfo | None = None,
        choose_place: ChoosePlace = ask_for_place,
        open_url: OpenUrl | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", "", parent)
        self._host, self._zone = host, zone or workstation_zone()
        self._choose_place, self._open_url = choose_place, open_url
        self._detail: TicketDetail | None = None
        self._now: datetime | None = None
        self._person: Person | None = None
        self._flying: dict[MessageId, tuple[Flight, datetime]] = {}
        self._clock_shown: ClockWords | None = None
        self.header = TicketHeader(host, self._zone)
        self.danger = DangerBand(host)
        self.clock = ClockBar()
        self.pause = RowButton("Pause", icon="pause")
        self.pause.key = DEFAULT_KEYS["ticket.pause"]
        self.messages = ThreadView(self._zone)
        self.loading = LoadingBars()
        self.guarded = GuardedState()
        self._trouble: EmptyState | None = None
        self.empty = EmptyState(
            "inbox",
            "No case is open",
            "Choose one in the queue to read it here.",
            keys="J or K picks a case, Enter opens it, / searches.",
        )
        self._stack = QStackedLayout()
        self._body = QStackedLayout()
        self._arrange()
        self._connect()
        self.show_empty()

    def _arrange(self) -> None:
        self._case_part = QWidget()
        self._head_part = QVBoxLayout(self._case_part)
        self._head_part.setContentsMargins(0, 0, 0, 0)
        self._head_part.setSpacing(0)
        self.clock_rule = Rule()
        self.clock.add_action(self.pause)
        for part in (self.header, self.danger, self.clock, self.clock_rule):
            self._head_part.addWidget(part)
        # into its place first: a stacked layout shows what it is given, and without a parent that is a window
        self.column.addLayout(self._stack, 1)
        self._head_part.addLayout(self._body, 1)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._case_part)
        self._body.addWidget(self.messages)
        self._body.addWidget(self.loading)
        self._body.addWidget(self.guarded)

    def _connect(self) -> None:
        self.header.case_asked.connect(self._open_case)
        self.pause.clicked.connect(lambda _checked: self._host.run_action("ticket.pause"))
        self.messages.link_asked.connect(
            lambda url, _host: start(self._host, ask_about(self._host, url, self._open_url))
        )
        self.messages.again_asked.connect(self._send_again)
        self.messages.file_asked.connect(self._fetch)

    def add_below(self, widget: QWidget) -> None:
        """Put a part, such as the composer, below the thread; it is hidden while no case is open."""
        self._head_part.addWidget(widget)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys on buttons and in the menu: action id to the first key of it."""
        self.header.set_keys(keys)
        self.danger.set_keys(keys)
        self.pause.key = keys.get("ticket.pause", "")
        self.pause.set_text(self.pause.words())

    # what is shown

    def show_ticket(self, detail: TicketDetail) -> None:
        """Show this ticket. The same one read again keeps its place; a reading older than the shown one is ignored."""
        before = self._detail
        same = before is not None and before.ticket.id == detail.ticket.id
        if before is not None and same and _is_older(detail, before):
            return
        body = self.guarded if detail.ticket.guarded else self.messages
        shown = same and self._body.currentWidget() is body and self._stack.currentWidget() is self._case_part
        self._detail = detail
        # a case that was read ahead is shown as of now, as its row in the queue is
        self._now = max(filter(None, (detail.read_at, self._now)), default=detail.case.rank_at)
        self.loading.stop()
        self._stack.setCurrentWidget(self._case_part)
        self._body.setCurrentWidget(body)
        self.guarded.show_ticket(detail, self._host.staff)
        self.header.show_ticket(detail, self._now)
        self.danger.show_ticket(detail)
        self._show_clock(detail, self._now)
        self._show_thread(detail, afresh=not shown)

    def know(self, person: Person | None) -> None:
        """Learn who the person of this case is, so that the privacy mask hides their handle and account name too."""
        self._person = person

    def show_loading(self, case: Case) -> None:
        """Show the head that the queue knows already, and after a moment still bars."""
        if self._detail is not None and self._detail.ticket.id == case.id:
            return
        self._detail = None
        self.danger.hide()
        self.header.show_case(case)
        self.clock.hide()
        self.clock_rule.hide()
        self.messages.clear()
        self.loading.start()
        self._body.setCurrentWidget(self.loading)
        self._stack.setCurrentWidget(self._case_part)

    def show_empty(self) -> None:
        """Show that no case is open, and what to press."""
        self._forget()
        self._stack.setCurrentWidget(self.empty)

    def show_error(self, notice: Notice) -> None:
        """Show that the case could not be read, and what to do."""
        self._forget()
        if self._trouble is not None:
            self._stack.removeWidget(self._trouble)
            self._trouble.deleteLater()
        self._trouble = EmptyState(
            "triangle-alert",
            notice.text,
            notice.hint or "Your drafts are kept until you close. Try again in a moment.",
            variant=Variant.ERROR,
            action="Try again",
            key="F5",
        )
        self._trouble.acted.connect(lambda: start(self._host, self._host.refresh()))
        self._stack.addWidget(self._trouble)
        self._stack.setCurrentWidget(self._trouble)

    def show_flying(self, flight: Flight) -> None:
        """Show a reply that is on its way, until the message itself is read or `land` says that it was refused."""
        self._flying[flight.id] = flight, self._now or datetime.now(UTC)
        self._show_flights(flight.case)

    def land(self, message: MessageId, taken: bool) -> None:
        """The database took such a reply, or refused it."""
        flight, _since = self._flying.get(message, (None, None))
        if flight is None:
            return
        shown = self._detail is not None and self._detail.ticket.id == flight.case
        if not taken or not shown:  # what was taken stays in its place until it is read
            del self._flying[message]
            self._show_flights(flight.case)

    def _show_flights(self, case: CaseId) -> None:
        detail = self._detail
        if detail is not None and detail.ticket.id == case and not detail.ticket.guarded:
            self._show_thread(detail, afresh=False)

    def tick(self, now: datetime) -> None:
        """Bring countdowns up to `now`, the database's time; cheap when nothing changes in words."""
        self._now = now
        if self._detail is not None:
            self._show_clock(self._detail, now)
            self.messages.tick(now)

    def refresh_mask(self) -> None:
        """Show names and addresses, or hide them, as `host.masked` says now."""
        if self._detail is not None and self._now is not None:
            self._clock_shown = None
            self.header.show_ticket(self._detail, self._now)
            self._show_clock(self._detail, self._now)
            self._show_thread(self._detail, afresh=False)

    @property
    def detail(self) -> TicketDetail | None:
        """The ticket that is shown."""
        return self._detail

    def _forget(self) -> None:
        self._detail, self._clock_shown = None, None
        self.loading.stop()
        self.messages.clear()

    def _mask(self, detail: TicketDetail) -> Mask:
        return mask_for(detail, self._host.masked, self._person)

    def _show_thread(self, detail: TicketDetail, *, afresh: bool) -> None:
        now = self._now or detail.case.rank_at
        mask = self._mask(detail)
        rows = rows_of(detail, me=self._host.me.login, staff=self._host.staff, now=now, zone=self._zone, mask=mask)
        for there in self._flying.keys() & {message.id for message in detail.messages}:
            del self._flying[there]
        who, staff = self._host.me.login, self._host.staff
        rows += [
            flying_row(flight, since, me=who, staff=staff, zone=self._zone, mask=mask)
            for flight, since in self._flying.values()
            if flight.case == detail.ticket.id
        ]
        self.messages.show_rows(rows, now, afresh=afresh)

    def _show_clock(self, detail: TicketDetail, now: datetime) -> None:
        words = clock_words(detail.ticket, detail.pauses, now, self._zone, self._mask(detail).first_name)
        self.clock.show()
        self.clock_rule.show()
        if _without_spans(words) == _without_spans(self._clock_shown):
            return
        self._clock_shown = words
        self.clock.set_face(_face(words))
        live = detail.ticket.status in (Status.IN_PROGRESS, Status.WAITING, Status.OPEN)
        self.pause.setVisible(live and detail.ticket.clock is not None and not detail.ticket.guarded)
        self.pause.set_text("Go on" if detail.ticket.status is Status.WAITING else "Pause")

    # what is pressed

    def _open_case(self, case: CaseId) -> None:
        start(self._host, self._host.open_case(case))

    def _send_again(self, message: MessageId) -> None:
        if self._detail is not None:
            start(self._host, self._sent_again(self._detail.ticket.id, message))

    async def _sent_again(self, case: CaseId, message: MessageId) -> None:
        try:
            await self._host.bridge.send(SendAgain(case=case, messages=(message,)))
            self._host.tell(Notice("The message is on its way again."))
        finally:
            self.messages.answered(message)

    def _fetch(self, attachment: Attachment) -> None:
        if attachment.url is not None:
            start(self._host, ask_about(self._host, attachment.url, self._open_url))
        else:
            start(self._host, save(self._host, attachment, self._choose_place))


def _is_older(detail: TicketDetail, shown: TicketDetail) -> bool:
    if detail.ticket.version != shown.ticket.version:
        return detail.ticket.version < shown.ticket.version
    return detail.read_at is not None and shown.read_at is not None and detail.read_at < shown.read_at


def _without_spans(words: ClockWords | None) -> tuple[str, ...] | None:
    """What can be read: the bar alone moves by less than a pixel a second."""
    if words is None:
        return None
    return (words.words, words.due, words.tone, words.target, words.started, words.paused, words.ends)


def _face(words: ClockWords) -> ClockFace:
    return ClockFace(
        words.words,
        words.due,
        Tone(words.tone),
        words.target,
        words.started,
        words.paused,
        words.ends,
        words.spans,
    )
