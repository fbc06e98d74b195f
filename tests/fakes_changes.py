"""What managers ask for, in memory: the part of the fake transaction that keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.policy.role_changes import needs_second
from hotmess_console.domain.staff import ChangeState, ManagerChange, Wish
from hotmess_console.domain.values import Login

if TYPE_CHECKING:
    from tests.fakes import World


class FakeChanges:
    """What managers asked for; nothing is carried out here, which is the database's part."""

    def __init__(self, world: World, me: Login) -> None:
        self._world, self._me = world, me

    async def ask(self, wish: Wish) -> None:
        """Keep it, as waiting or as done."""
        state = ChangeState.WAITING if needs_second(wish.kind) else ChangeState.DONE
        name = wish.person.name if wish.person else ""
        self._world.changes[wish.id] = ManagerChange(
            wish.id, wish.kind, wish.subject, wish.wanted, state, self._me, self._world.now, person_name=name
        )

    async def read(self, id: UUID) -> ManagerChange:
        """Return one."""
        if id not in self._world.changes:
            raise NotFound("There is no such request.")
        return self._world.changes[id]

    async def decide(self, id: UUID, *, confirm: bool) -> None:
        """Note who decided."""
        found = replace(self._world.changes[id], decided_at=self._world.now)
        self._world.changes[id] = (
            replace(found, state=ChangeState.DONE, confirmed_by=self._me)
            if confirm
            else replace(found, state=ChangeState.DECLINED, declined_by=self._me)
        )
