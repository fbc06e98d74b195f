"""What a new ticket starts with.

Source: manual, "Ticket Categories & Response Times" and "Ticket Workflow". The category decides the priority. Safety
tickets are urgent at once and go to senior support (level 2); immediate danger goes to management at once (level
3, manual: "Emergency Situations"): where a person says so, or the source itself (policy/danger). Nothing else that the
platform's own row claims counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.values import Category, Level, Priority


@dataclass(frozen=True, slots=True)
class Start:
    """Priority and level of a new ticket."""

    priority: Priority
    level: Level


def initial(category: Category, targets: Targets, *, immediate_danger: bool = False) -> Start:
    """Return the priority and level that a ticket of `category` starts with."""
    if immediate_danger:
        return Start(Priority.URGENT, Level.MANAGEMENT)
    if category is Category.SAFETY:
        return Start(Priority.URGENT, Level.SENIOR)
    return Start(targets.of(category).priority, Level.SUPPORT)
