"""A desk whose manager looks at the staff: people and requests in memory, on the composer's fake window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.staff import ChangeKind, ChangeState, ManagerChange
from hotmess_console.domain.values import Login, Role
from hotmess_console.domain.views import QueueFilter
from tests.ui.fakes_composer import ME, NOW, FakeHost, FakeQueries, make_detail

OTHER = Login("s_other0000001")
PEOPLE = Staff(
    [
        Colleague(ME, "Mina Dale", "mina", "MD", frozenset({Role.AGENT, Role.SENIOR, Role.MANAGER})),
        Colleague(OTHER, "Sunniva Okereke", "sunniva", "SO", frozenset({Role.AGENT, Role.SENIOR, Role.MANAGER})),
        Colleague(Login("s_jo0000000001"), "Jo Kerr", "jo", "JK", frozenset({Role.AGENT, Role.SAFETY})),
        Colleague(Login("s_kit000000001"), "Kit Odell", "kit", "KO", frozenset(), active=False),
    ]
)


def asked(number: int, kind: ChangeKind, subject: str, by: Login, **wanted: object) -> ManagerChange:
    """A request that waits."""
    at = NOW - timedelta(minutes=number)
    return ManagerChange(UUID(int=number), kind, subject, wanted, ChangeState.WAITING, by, at)


class StaffQueries(FakeQueries):
    """The composer's questions, and those that only managers ask."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[ManagerChange] = []
        self.theirs: list[Case] = []
        self.asked_for: list[QueueFilter] = []

    async def staff(self) -> Staff:
        return PEOPLE

    async def manager_changes(self, limit: int = 50) -> Sequence[ManagerChange]:
        """What waits and what was decided."""
        return self.changes

    async def matching(self, wanted: QueueFilter) -> Sequence[Case]:
        self.asked_for.append(wanted)
        return self.theirs


def manager_at(window: QWidget) -> tuple[FakeHost, StaffQueries]:
    """A window at which a manager sits."""
    host = FakeHost(window, make_detail(), roles=frozenset({Role.AGENT, Role.SENIOR, Role.MANAGER}))
    queries = StaffQueries()
    host.queries = host.desk.queries = queries
    return host, queries
