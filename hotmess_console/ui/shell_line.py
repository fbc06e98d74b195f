"""The line to the database as the window shows it: lamp, age, banner, and what waits in the delivery ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from hotmess_console.domain.events import Event, MessagesMoved, Resync, SealsSeen
from hotmess_console.services.console import Contact
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.running import Running
from hotmess_console.ui.shell_banners import Banners
from hotmess_console.ui.viewmodels.connection import LATE_AFTER_S, Connection, Mail
from hotmess_console.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from hotmess_console.ui.viewmodels.sealing import Sealing

MAIL_EVERY_TICKS = 5
"""Seconds between looks at the ledger while nothing says that it moved."""


class Line(QObject):
    """Follows contacts and messages; `tick` once a second."""

    mail_changed = Signal()

    def __init__(
        self, bridge: Bridge, status: StatusBar, banners: Banners, running: Running, monotonic: Callable[[], float]
    ) -> None:
        super().__init__()
        self._bridge, self._status, self._banners = bridge, status, banners
        self._running, self._monotonic = running, monotonic
        self.connection, self.mail = Connection(), Mail()
        self.sealing: Sealing | None = None
        self._ticks = 0
        self._shown_good = False
        self._asking = False
        self._moved_meanwhile = False
        self.mail_moved = False
        """Whether messages moved since the ledger was last looked at."""
        self._awaited: dict[int, float] = {}
        self._look_again = QTimer(self, singleShot=True, interval=int(LATE_AFTER_S * 1_000) + 20)
        self._look_again.timeout.connect(self.show)
        bridge.asked.connect(self._on_asked)
        bridge.answered.connect(self._on_answered)
        bridge.contact_changed.connect(self.heard)
        bridge.sending_changed.connect(self._sending)
        bridge.happened.connect(self._on_event)

    @property
    def lost(self) -> bool:
        """Whether the database is out of reach."""
        return self.connection.is_lost(self._monotonic())

    def heard(self, contact: Contact) -> None:
        """Take in a heartbeat or a failure."""
        self.connection = self.connection.heard(contact, self._monotonic())
        self.show()

    def _on_asked(self, number: int) -> None:
        self._awaited[number] = self._monotonic()
        if not self._look_again.isActive():
            self._look_again.start()

    def _on_answered(self, number: int, well: bool) -> None:
        self._awaited.pop(number, None)
        if not self._awaited:
            self._look_again.stop()
        if well and self._bridge.console is not None:
            was_good = self._shown_good
            self.connection = self.connection.answered(self._monotonic())
            if not was_good:
                self.show()

    def refused(self) -> None:
        """The desk could not be opened."""
        self._status.set_connection("Not connected", "", known=False, lost=True)

    def tick(self) -> None:
        """A second passed."""
        self._ticks += 1
        self.show()
        if self._ticks % MAIL_EVERY_TICKS == 0:
            self.look_at_mail()

    def show(self) -> None:
        """Bring the words up to now."""
        now = self._monotonic()
        asked_at = min(self._awaited.values(), default=None)
        words, age = self.connection.words(now, asked_at)
        lost, late = self.connection.is_lost(now), self.connection.is_late(now, asked_at)
        self._shown_good = not (lost or late)
        known = self.connection.confirmed_at is not None
        self._status.set_connection(words, age, known=known, lost=lost, late=late)
        offline = self.connection.banner(now, flying=bool(self._bridge.unanswered)) if lost and known else ""
        self._banners.show_offline(offline)
        self._show_seals()
        console = self._bridge.console
        self._banners.show_read_only(console.read_only if console is not None else "")

    def look_at_mail(self) -> None:
        """Ask the ledger what waits, unless that is being asked."""
        if self._bridge.console is not None and not self._asking and not self.lost:
            self._asking = True
            # a failure is told by the line itself, a second later
            self._running.start(self._ask(), lambda _error: None)

    async def _ask(self) -> None:
        try:
            while True:
                self._moved_meanwhile = False
                state = await self._bridge.ask(lambda q: q.sending_state())
                if not self._moved_meanwhile:
                    break
        finally:
            self._asking = False
        self.mail_moved = False
        self.mail = Mail(state, self.mail.trouble)
        self._show_mail()

    def _sending(self, trouble: str) -> None:
        self.mail = Mail(self.mail.state, trouble)
        self._show_mail()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, MessagesMoved | Resync):
            self.mail_moved = self._moved_meanwhile = True
            self.look_at_mail()
        elif isinstance(event, SealsSeen):
            self._look_at_seals(event)

    def _look_at_seals(self, seen: SealsSeen) -> None:
        if self.sealing is None:
            from hotmess_console.ui.viewmodels.sealing import Sealing

            self.sealing = Sealing()
        if seen.alarm and (self.sealing.seen is None or self.sealing.seen.alarm != seen.alarm):
            self._banners.show_trouble(
                Notice(seen.alarm, "Tell whoever runs the database: hotmess-console audit verify.")
            )
        self.sealing = self.sealing.heard(seen, self._monotonic())
        self._show_seals()

    def _show_seals(self) -> None:
        if self.sealing is not None:
            words, bad = self.sealing.words(self._monotonic())
            self._status.set_seals(words, bad=bad)

    def _show_mail(self) -> None:
        self._status.set_mail(self.mail.words(), urgent=self.mail.needs_somebody, trouble=self.mail.trouble)
        self.mail_changed.emit()
