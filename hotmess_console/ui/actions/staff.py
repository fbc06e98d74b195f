"""What managers do about people, from anywhere in the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hotmess_console.domain.staff import roles_words
from hotmess_console.domain.values import Permission, Role
from hotmess_console.services.queries import Me
from hotmess_console.ui.actions.registry import ALL_FOCUS, Action
from hotmess_console.ui.actions.window import window_of
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host

if TYPE_CHECKING:
    from hotmess_console.ui.dialogs.choice_list import Choice


async def _manage(host: Host) -> None:
    from hotmess_console.ui.dialogs.staff import manage_staff

    await manage_staff(host)


async def _sign_in_as(host: Host) -> None:
    from hotmess_console.ui.dialogs.choose import choose

    console, parts = host.bridge.console, window_of(host).parts
    if console is None or console.seats is None or parts is None:
        host.tell(ONLY_DEMO)
        return
    login = await choose(
        host.window, "Sign in as", seat_rows(console.seats.people), words=_SIGN_IN, icon="user", now=host.me.login
    )
    if login is not None and login != host.me.login and (why := parts.change_person(login)):
        host.tell(Notice(why))


ONLY_DEMO = Notice("Only the demo lets you sit down as somebody else.", "Close the window and sign in again.")
_SIGN_IN = "These people are invented. Each signs in with a login of their own, so you see what their role sees."


def seat_rows(people: Sequence[Me]) -> list[Choice]:
    """Return the people of the demo with what each may do."""
    from hotmess_console.ui.dialogs.choice_list import Choice

    return [
        Choice(one.login, one.name, roles_words([role.value for role in Role if role in one.roles]), "user")
        for one in people
    ]


ACTIONS = (
    Action("staff.manage", "Staff", (), _manage, icon="users", permission=Permission.STAFF_MANAGE, where=ALL_FOCUS),
    Action("demo.sign_in_as", "Sign in as… (demo)", (), _sign_in_as, icon="user", where=ALL_FOCUS),
)
"""In the order in which the palette and the cheat sheet show them."""
