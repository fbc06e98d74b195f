"""Who may take back what somebody did.

Source: experience, "Undo", and decision 12: an undo names what it undoes and is audited like any other command.
Everybody takes back what they did themselves. A colleague's action is taken back by a manager only: to the person who
did it, it would otherwise look as if it had never happened. Everybody else changes the case anew, in their own name.
"""

from __future__ import annotations

from collections.abc import Iterable

from hotmess_console.domain.errors import NotAllowed
from hotmess_console.domain.values import Login, Role


def check(me: Login, roles: Iterable[Role], author: Login) -> None:
    """Raise NotAllowed unless `me`, with `roles`, may take back what `author` did."""
    if author != me and Role.MANAGER not in roles:
        raise NotAllowed(
            "A colleague did this: only they or a manager can take it back.",
            hint="Change the case yourself instead, or ask a manager.",
        )
