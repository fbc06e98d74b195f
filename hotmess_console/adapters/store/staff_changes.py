"""What managers ask for and confirm, in Postgres: one table whose triggers carry it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.values import CommandId, Login

if TYPE_CHECKING:
    from hotmess_console.domain.staff import ManagerChange, Wish


class PostgresManagerChanges:
    """`ManagerChanges` on one connection, with the manager's own rights."""

    def __init__(self, conn: AsyncConnection, command: Callable[[], CommandId]) -> None:
        self._conn = conn
        self._command = command

    async def ask(self, wish: Wish) -> None:
        """Insert the wish; the database says who asked, when, and what happens with it."""
        with speaking():
            verifier = None
            if wish.password is not None:
                raw = await self._conn.get_raw_connection()
                verifier = verifier_of(raw.driver_connection, wish.subject, wish.password)
            await self._conn.execute(
                _ASK,
                {
                    "id": wish.id,
                    "kind": wish.kind.value,
                    "subject": wish.subject,
                    "wanted": Jsonb(dict(wish.wanted)),
                    "person": Jsonb(wish.person.to_json()) if wish.person else None,
                    "verifier": verifier,
                    "reason": wish.reason,
                    "command": self._command(),
                },
            )

    async def read(self, id: UUID) -> ManagerChange:
        """Return one change. Raises NotFound."""
        with speaking():
            row = (await self._conn.execute(_ONE, {"id": id})).one_or_none()
        if row is None:
            raise NotFound("There is no such request.", hint="Read the list again.")
        return change_of(row)

    async def decide(self, id: UUID, *, confirm: bool) -> None:
        """Carry it out, or decline it. Raises StaleError when it was decided meanwhile."""
        with speaking():
            done = await self._conn.execute(_DECIDE, {"id": id, "state": "done" if confirm else "declined"})
        if done.rowcount != 1:
            raise NotFound("There is no such request any more.", hint="Read the list again.")


async def read_newest(conn: AsyncConnection, limit: int) -> Sequence[ManagerChange]:
    """Return what waits and what was decided last, the newest first."""
    return [change_of(row) for row in await conn.execute(_NEWEST, {"limit": limit})]


def verifier_of(driver: Any, login: str, password: str) -> str:
    """Return what a server stores of a password (SCRAM): statements reach server logs, passwords must not."""
    made: bytes = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def change_of(row: Any) -> ManagerChange:
    """Return a row of ``console.manager_changes`` as the domain's value."""
    from hotmess_console.domain.staff import ChangeKind, ChangeState, ManagerChange

    return ManagerChange(
        row.id,
        ChangeKind(row.kind),
        row.subject,
        row.wanted,
        ChangeState(row.state),
        Login(row.requested_by),
        row.requested_at,
        Login(row.confirmed_by) if row.confirmed_by else None,
        Login(row.declined_by) if row.declined_by else None,
        row.decided_at,
        row.reason,
        row.person_name or "",
    )


_COLUMNS = (
    "id, kind, subject, wanted, state, requested_by, requested_at, confirmed_by, declined_by, decided_at, reason, "
    "person ->> 'name' AS person_name"
)
_ASK = text(
    "INSERT INTO console.manager_changes (id, kind, subject, wanted, person, verifier, reason, command_id) "
    "VALUES (:id, :kind, :subject, :wanted, :person, :verifier, :reason, :command)"
)
_ONE = text(f"SELECT {_COLUMNS} FROM console.manager_changes WHERE id = :id")  # noqa: S608
_NEWEST = text(
    f"SELECT {_COLUMNS} FROM console.manager_changes ORDER BY state = 'waiting' DESC, requested_at DESC LIMIT :limit"  # noqa: S608
)
_DECIDE = text("UPDATE console.manager_changes SET state = :state WHERE id = :id")
