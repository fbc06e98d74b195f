"""Giving cases to a colleague, found by typing part of a name or handle."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.permissions import allows
from hotmess_console.domain.values import Login, Permission, Role
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import Find

ROLE_WORDS: dict[Role, str] = {
    Role.MANAGER: "manager",
    Role.SENIOR: "senior support",
    Role.AGENT: "support",
    Role.SAFETY: "safety",
    Role.MODERATOR: "moderation",
    Role.AUDITOR: "audit",
}


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom to give cases to; `login` None gives them back to the queue."""

    login: Login | None


def assignees(staff: Staff, me: Login, now: Login | None = None) -> list[Choice]:
    """Return who may work tickets: me first, then nobody, then the others by name; whoever has it already says so."""
    workers = [c for c in staff if c.active and allows(c.roles, Permission.TICKET_WORK) and Role.WORKER not in c.roles]
    mine = [c for c in workers if c.login == me]
    others = sorted((c for c in workers if c.login != me), key=lambda c: c.name.casefold())
    nobody = Choice(Assignee(None), "Nobody", "back to the queue", "users")
    return [
        *(_choice(c, f"Me: {c.name}", now) for c in mine),
        nobody,
        *(_choice(c, c.name, now) for c in others),
    ]


def _choice(colleague: Colleague, title: str, now: Login | None) -> Choice:
    role = next((words for role, words in ROLE_WORDS.items() if role in colleague.roles), "")
    why_not = "has it already" if colleague.login == now else ""
    return Choice(Assignee(colleague.login), title, f"@{colleague.handle} · {role}", "user", why_not=why_not)


async def ask_assignee(
    window: QWidget, staff: Staff, me: Login, *, what: str, now: Login | None = None
) -> Assignee | None:
    """Ask whom to give `what` to; None when nobody was chosen."""
    title = f"Assign {what}"
    sheet = Find(window, title, assignees(staff, me, now), icon="user-plus", hint="Name or @handle", action="Assign")
    answer = await sheet.open()
    return answer if isinstance(answer, Assignee) else None
