"""Which role may do what in the window; the database decides again for itself.

Source: manual, "Escalation Procedures", and decisions 1 and 7. Whatever agents may, seniors may, and whatever seniors
may, managers may; safety staff work as agents do, and auditors only read.
"""

from __future__ import annotations

from collections.abc import Iterable

from hotmess_console.domain.values import Permission, Role

_AGENT = frozenset(
    {
        Permission.TICKET_READ,
        Permission.TICKET_WORK,
        Permission.TICKET_REPLY,
        Permission.TICKET_ASSIGN,
        Permission.TICKET_ESCALATE,
        Permission.TICKET_CREATE,
        Permission.TICKET_MERGE,
        Permission.NOTE_WRITE,
    }
)
_MANAGER = _AGENT | {
    Permission.TEMPLATE_EDIT,
    Permission.SETTINGS_EDIT,
    Permission.HISTORY_ADOPT,
    Permission.AUDIT_READ,
    Permission.STAFF_MANAGE,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.SENIOR: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.MODERATOR: frozenset({Permission.TICKET_READ}),
    Role.SAFETY: _AGENT,
    Role.AUDITOR: frozenset({Permission.TICKET_READ, Permission.AUDIT_READ}),
    Role.WORKER: frozenset({Permission.TICKET_READ, Permission.TICKET_WORK}),
}


def allows(roles: Iterable[Role], permission: Permission) -> bool:
    """Return whether any of `roles` includes `permission`."""
    return any(permission in GRANTS[role] for role in roles)


def holders(permission: Permission) -> tuple[Role, ...]:
    """Return the roles of people that include `permission`, in the order of the roles."""
    return tuple(role for role in Role if role is not Role.WORKER and permission in GRANTS[role])


def granted(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return everything that `roles` together include."""
    return frozenset[Permission]().union(*(GRANTS[role] for role in roles))
