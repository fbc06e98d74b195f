"""What the tour asks of the world outside the window, so that each step's effect is checked by plain SQL."""

from __future__ import annotations

from typing import Any, Protocol


class Witness(Protocol):
    """A second connection that trusts nothing of the console's own code."""

    def one(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row, None where there is none."""
        ...

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]: ...
    def letters(self) -> list[str]:
        """Return the letters that the local mail server has taken, in order of arrival."""
        ...

    async def bring_tickets(self) -> int:
        """Import the tour's CSV file as the command line would; return how many rows it has."""
        ...
