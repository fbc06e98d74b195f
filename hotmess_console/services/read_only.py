"""The door for writes while it is closed: every command is refused in words before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable

from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.values import Role
from hotmess_console.services.bus import Bus, Command, Outcome
from hotmess_console.services.ports import OpenWork


class ReadOnlyBus(Bus):
    """A `Bus` that executes nothing, because of `why`; what the person may see stays as it is."""

    def __init__(self, roles: Iterable[Role], open_work: OpenWork, why: str) -> None:
        super().__init__(roles, open_work)
        self._why = why

    async def execute(self, command: Command) -> Outcome:
        """Raise SetupError: nothing was sent."""
        raise SetupError(self._why, hint="Nothing was changed. Reading works as before.")
