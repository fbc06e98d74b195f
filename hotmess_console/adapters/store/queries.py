"""Everything a window reads, on autocommit connections of the person's own login."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.adapters.store.desk import PostgresDesk
from hotmess_console.adapters.store.own_session import check_session
from hotmess_console.adapters.store.queue import COLUMNS, case_of, read_cases, read_count, read_page
from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.people import Account, Person, Staff
from hotmess_console.domain.values import CaseId, CommandId, Login, Role, TemplateId
from hotmess_console.domain.views import QueueFilter, SavedView
from hotmess_console.services.queries import COUNT_CAP, PAGE, DeskNotice, Me, Page, SendingState, Undoable

if TYPE_CHECKING:
    from hotmess_console.domain.platform import Binding
    from hotmess_console.domain.policy.sla import Targets
    from hotmess_console.domain.staff import ManagerChange
    from hotmess_console.domain.templates import Template, TemplateVersion
    from hotmess_console.domain.tickets import TicketDetail
    from hotmess_console.domain.trail import Then, TrailEntry, TrailFilter, TrailKey, TrailPage
    from hotmess_console.services.adopting import HistoryPreview
    from hotmess_console.services.ports import HistoryChoice


class PostgresQueries:
    """`Queries`, from one engine; each question takes one connection for one moment."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with speaking():
            async with self._engine.connect() as conn:
                yield conn

    async def me(self) -> Me:
        """Return who is signed in. Raises NotFound when the login has no place at this desk.

        Raises NotAllowed when the server took this person for another login, or the login's time limits are off.
        """
        async with self._reading() as conn:
            await check_session(conn)
            row = (await conn.execute(_ME)).one_or_none()
        if row is None:
            raise NotFound("This login has no place at this desk.", hint="Ask a manager to add you as staff.")
        return Me(Login(row.login), frozenset(Role(r) for r in row.roles), row.display_name)

    async def now(self) -> datetime:
        """Return the database's time."""
        async with self._reading() as conn:
            moment: datetime = (await conn.execute(text("SELECT console.now()"))).scalar_one()
        return moment

    async def staff(self) -> Staff:
        """Return everyone at the desk."""
        async with self._reading() as conn:
            return await PostgresDesk(conn).staff()

    async def page(self, wanted: QueueFilter, after: CaseKey | None = None, limit: int = PAGE) -> Page:
        """Return the page that follows `after`."""
        async with self._reading() as conn:
            found = await _found(conn, wanted, after, limit + 1)
        return Page(tuple(found[:limit]), len(found) > limit)

    async def count(self, wanted: QueueFilter, cap: int = COUNT_CAP) -> int:
        """Return how many match, counting no further than `cap`."""
        async with self._reading() as conn:
            if wanted.text.split():
                return len(await _found(conn, wanted, None, cap))
            return await read_count(conn, wanted, cap)

    async def matching(self, wanted: QueueFilter) -> Sequence[Case]:
        """Return all that match, in queue order."""
        async with self._reading() as conn:
            return await _found(conn, wanted, None, None)

    async def cases(self, ids: Sequence[CaseId]) -> Sequence[Case]:
        """Return those of `ids` that this person may see, at their newest version."""
        async with self._reading() as conn:
            return await read_cases(conn, ids)

    async def by_number(self, number: int) -> Case:
        """Return the case with this short number. Raises NotFound."""
        async with self._reading() as conn:
            row = (await conn.execute(_BY_NUMBER, {"number": number})).one_or_none()
        if row is None:
            raise NotFound(f"There is no case HM-{number} that you may see.", hint="Check the number.")
        return case_of(row)

    async def ticket(self, case: CaseId) -> TicketDetail:
        """Return everything about one ticket. Raises NotFound."""
        from hotmess_console.adapters.store.detail import read_ticket

        async with self._reading() as conn:
            return await read_ticket(conn, case)

    async def person(self, case: CaseId) -> Person:
        """Return who wrote this ticket and what else they have with us."""
        from hotmess_console.adapters.store.detail import read_person

        async with self._reading() as conn:
            return await read_person(conn, case)

    async def find_people(self, text: str, limit: int = 20) -> Sequence[Account]:
        """Return accounts whose e-mail, name or handle contains `text`, or whose id it is."""
        from hotmess_console.adapters.store.people import find_accounts

        async with self._reading() as conn:
            return await find_accounts(conn, text, limit)

    async def templates(self) -> Sequence[Template]:
        """Return the current version of each template in use."""
        async with self._reading() as conn:
            return await PostgresDesk(conn).templates()

    async def template_versions(self, id: TemplateId, language: str) -> Sequence[TemplateVersion]:
        """Return every version of a template, the oldest first."""
        from hotmess_console.domain.templates import TemplateVersion

        async with self._reading() as conn:
            rows = await conn.execute(_VERSIONS, {"id": id, "language": language})
            return [TemplateVersion(r.version, r.subject, r.body, Login(r.made_by), r.made_at) for r in rows]

    async def saved_views(self) -> Sequence[SavedView]:
        """Return this person's saved views."""
        async with self._reading() as conn:
            found = await PostgresDesk(conn).saved_views()
        return [SavedView(id_, name, QueueFilter.from_json(value)) for id_, name, value in found]

    async def targets(self) -> Targets:
        """Return the response targets in force."""
        async with self._reading() as conn:
            return await PostgresDesk(conn).targets()

    async def settings(self) -> Mapping[str, object]:
        """Return all settings of the desk."""
        async with self._reading() as conn:
            return await PostgresDesk(conn).settings()

    async def notices(self) -> Sequence[DeskNotice]:
        """Return what colleagues want this person to see, newest first."""
        async with self._reading() as conn:
            rows = await conn.execute(_NOTICES)
            return [
                DeskNotice(str(r.id), r.kind, CaseId(r.case_id), r.number, r.subject, Login(r.sender), r.at)
                for r in rows
            ]

    async def undoable(self) -> Sequence[Undoable]:
        """Return this person's newest commands that nobody has taken back, newest first."""
        async with self._reading() as conn:
            rows = await conn.execute(_UNDOABLE)
            return [
                Undoable(
                    CommandId(r.id),
                    r.name,
                    r.at,
                    tuple(CaseId(c) for c in r.cases),
                    tuple(r.numbers),
                    r.hold_until,
                )
                for r in rows
            ]

    async def attachment(self, id: str) -> bytes:
        """Return the bytes of a file that lies in the database. Raises NotFound."""
        async with self._reading() as conn:
            row = (await conn.execute(_ATTACHMENT, {"id": UUID(id)})).one_or_none()
        if row is None or row.content is None:
            raise NotFound("This file is not kept in the console.", hint="Open it where the platform keeps it.")
        return bytes(row.content)

    async def bindings(self) -> Sequence[Binding]:
        """Return what the platform offers, as found at the last install or upgrade."""
        from hotmess_console.domain.platform import Binding, Enforceable

        async with self._reading() as conn:
            rows = await conn.execute(_BINDINGS)
            return [Binding(r.concept, r.variant, tuple(r.relations), Enforceable(r.enforceable), r.note) for r in rows]

    async def adoptable(self, wanted: HistoryChoice) -> HistoryPreview:
        """Return what adopting this choice of the platform's history would bring in."""
        from hotmess_console.adapters.store.intake import read_preview

        async with self._reading() as conn:
            return await read_preview(conn, wanted)

    async def trail(self, wanted: TrailFilter, after: TrailKey | None = None, steps: int = 50) -> TrailPage:
        """Return what was done, one line for each command. Raises NotAllowed."""
        from hotmess_console.adapters.store.trail import read_trail

        async with self._reading() as conn:
            return await read_trail(conn, wanted, after, steps)

    async def entries_of(self, command: CommandId, most: int = 200) -> Sequence[TrailEntry]:
        """Return the entries of one command, the oldest first. Raises NotAllowed."""
        from hotmess_console.adapters.store.trail import read_entries

        async with self._reading() as conn:
            return await read_entries(conn, command, most)

    async def case_then(self, case: CaseId, entry: int) -> Then:
        """Return the case as it was right after an entry. Raises NotFound, NotAllowed."""
        from hotmess_console.adapters.store.trail import read_then

        async with self._reading() as conn:
            return await read_then(conn, case, entry)

    async def manager_changes(self, limit: int = 50) -> Sequence[ManagerChange]:
        """Return what waits for a second manager and what was decided last, the newest first."""
        from hotmess_console.adapters.store.staff_changes import read_newest

        async with self._reading() as conn:
            return await read_newest(conn, limit)

    async def sending_state(self) -> SendingState:
        """Return how many messages are held, failed, or of unknown fate."""
        async with self._reading() as conn:
            row = (await conn.execute(_SENDING)).one()
        return SendingState(row.held, row.failed, row.unknown)


async def _found(conn: AsyncConnection, wanted: QueueFilter, after: CaseKey | None, limit: int | None) -> list[Case]:
    """Return a page of the queue, or of what its search words find."""
    if not wanted.text.split():
        return await read_page(conn, wanted, after, limit)
    from hotmess_console.adapters.store.queue_search import search_page

    return await search_page(conn, wanted, after, limit)


_ME = text("SELECT login, display_name, roles FROM console.staff_directory WHERE login = session_user AND active")
_BY_NUMBER = text(f"SELECT {COLUMNS} FROM console.cases WHERE number = :number")  # noqa: S608
_NOTICES = text(
    "SELECT n.id, n.kind, n.case_id, c.number, c.subject, n.sender, n.at FROM console.notices n "
    "JOIN console.cases c ON c.id = n.case_id WHERE n.recipient = session_user AND n.seen_at IS NULL "
    "ORDER BY n.at DESC LIMIT 100"
)
_UNDOABLE = text(
    "SELECT c.id, c.name, c.at, array_agg(p.case_id ORDER BY k.number) AS cases, "
    "array_agg(k.number ORDER BY k.number) AS numbers, "
    "(SELECT max(d.hold_until) FROM console.messages m JOIN console.deliveries d ON d.message_id = m.id "
    " WHERE m.command_id = c.id AND d.state = 'held') AS hold_until "
    "FROM (SELECT * FROM console.commands WHERE actor = session_user AND name LIKE 'ticket.%' AND undoes IS NULL "
    "      ORDER BY at DESC LIMIT 50) c "
    "JOIN console.command_cases p ON p.command_id = c.id JOIN console.cases k ON k.id = p.case_id "
    "WHERE NOT EXISTS (SELECT FROM console.commands u WHERE u.undoes = c.id) "
    "AND NOT EXISTS (SELECT FROM console.messages m JOIN console.deliveries d ON d.message_id = m.id "
    "                WHERE m.command_id = c.id AND d.state <> 'held') "
    "GROUP BY c.id, c.name, c.at ORDER BY c.at DESC"
)
_VERSIONS = text(
    "SELECT version, subject, body, made_by, made_at FROM console.template_versions "
    "WHERE id = :id AND language = :language ORDER BY version"
)
_ATTACHMENT = text("SELECT content FROM console.attachments WHERE id = :id")
_BINDINGS = text("SELECT concept, variant, relations, enforceable, note FROM console.bindings ORDER BY concept")
_SENDING = text(
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM console.deliveries WHERE state = 'held' LIMIT 1000) a) AS held, "
    "(SELECT count(*) FROM (SELECT 1 FROM console.deliveries WHERE state = 'failed' LIMIT 1000) b) AS failed, "
    "(SELECT count(*) FROM (SELECT 1 FROM console.deliveries WHERE state = 'unknown' LIMIT 1000) c) AS unknown"
)
