"""One transaction as one person: the command is recorded first, everything else follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hotmess_console.adapters.platform.effects import PlatformEffects
from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.adapters.store.desk import PostgresDesk
from hotmess_console.adapters.store.intake import PostgresIntake
from hotmess_console.adapters.store.staff_changes import PostgresManagerChanges
from hotmess_console.adapters.store.threads import PostgresThreads
from hotmess_console.adapters.store.tickets import PostgresTickets
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import CommandId, Login


class PostgresWork:
    """`Work` on one connection of the pool. Leaving the block without `commit` rolls back."""

    def __init__(self, engine: AsyncEngine, me: Login) -> None:
        self._engine = engine
        self._me = me
        self._conn: AsyncConnection | None = None
        self._command: CommandId | None = None
        self._now: datetime | None = None

    async def __aenter__(self) -> Self:
        with speaking():
            self._conn = await self._engine.connect()
        self.tickets = PostgresTickets(self._conn, lambda: self.command)
        self.threads = PostgresThreads(self._conn, lambda: self.command)
        self.platform = PlatformEffects(self._conn)
        self.desk = PostgresDesk(self._conn)
        self.intake = PostgresIntake(self._conn)
        self.changes = PostgresManagerChanges(self._conn, lambda: self.command)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._conn is not None:
            with speaking():
                await self._conn.close()

    @property
    def me(self) -> Login:
        """The login that this transaction acts as."""
        return self._me

    @property
    def command(self) -> CommandId:
        """The command that was begun. Raises RuntimeError before `begin`: that would be a bug."""
        if self._command is None:
            raise RuntimeError("no command was begun in this transaction")
        return self._command

    async def begin(
        self, id: CommandId, name: str, digest: bytes, params: Mapping[str, Any], undoes: CommandId | None
    ) -> bool:
        """Record the command; False when it was already done. Raises BadInput for a reused id."""
        with speaking():
            row = (
                await self._open.execute(
                    _RECORD,
                    {
                        "id": id,
                        "name": name,
                        "digest": digest,
                        "params": Jsonb(dict(params)),
                        "undoes": undoes,
                    },
                )
            ).one_or_none()
            if row is not None:
                self._command, self._now = id, row.now
                return True
            before = (await self._open.execute(_RECORDED, {"id": id})).one_or_none()
        if before is None or bytes(before.digest) != digest:
            raise BadInput(
                "This action was already used for something else.",
                hint="Nothing was changed. Start it again.",
            )
        return False

    async def name_of(self, command: CommandId) -> str | None:
        """Return the name under which a command was recorded, None where there is none."""
        with speaking():
            row = (await self._open.execute(_NAME_OF, {"id": command})).one_or_none()
        return row.name if row else None

    async def author_of(self, command: CommandId) -> Login | None:
        """Return who gave a recorded command, None where there is none."""
        with speaking():
            row = (await self._open.execute(_AUTHOR_OF, {"id": command})).one_or_none()
        return Login(row.actor) if row else None

    async def now(self) -> datetime:
        """Return the database's time at which the command was recorded."""
        if self._now is None:
            raise RuntimeError("no command was begun in this transaction")
        return self._now

    async def commit(self) -> None:
        """Make everything durable. Raises ConsoleError when the database refuses."""
        with speaking():
            await self._open.commit()

    @property
    def _open(self) -> AsyncConnection:
        if self._conn is None:
            raise RuntimeError("the transaction is not open")
        return self._conn


_RECORD = text(
    "INSERT INTO console.commands (id, name, digest, params, undoes) VALUES (:id, :name, :digest, :params, :undoes) "
    "ON CONFLICT (id) DO NOTHING RETURNING at AS now"
)
_NAME_OF = text("SELECT name FROM console.commands WHERE id = :id")
_AUTHOR_OF = text("SELECT actor FROM console.commands WHERE id = :id")
_RECORDED = text("SELECT digest FROM console.commands WHERE id = :id AND actor = session_user")


def work_opener(engine: AsyncEngine, me: Login) -> Callable[[], PostgresWork]:
    """Return what opens a transaction for the bus."""
    return lambda: PostgresWork(engine, me)
