"""Who works on what, and when it goes further up.

Source: manual, "Escalation Procedures". Level 1 is the support team, level 2 senior support, level 3 management. A case
goes up for one of the reasons that the manual lists for the level it goes to; that level's people are told.
"""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.errors import BadInput, StateError
from hotmess_console.domain.values import Level, Role


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the manual's reasons for a level."""

    id: str
    words: str
    level: Level


CRITERIA: tuple[Criterion, ...] = (
    Criterion("general", "General inquiries", Level.SUPPORT),
    Criterion("basic-technical", "Basic technical issues", Level.SUPPORT),
    Criterion("account", "Account questions", Level.SUPPORT),
    Criterion("billing-dispute", "Complex billing disputes", Level.SENIOR),
    Criterion("policy-violation", "Policy violations", Level.SENIOR),
    Criterion("multi-step-technical", "Multi-step technical issues", Level.SENIOR),
    Criterion("legal", "Legal concerns", Level.MANAGEMENT),
    Criterion("safety-emergency", "Safety emergencies", Level.MANAGEMENT),
    Criterion("payment-fraud", "Payment fraud", Level.MANAGEMENT),
    Criterion("pr-sensitive", "PR-sensitive issues", Level.MANAGEMENT),
)

NAME_OF: dict[Level, str] = {
    Level.SUPPORT: "Support team",
    Level.SENIOR: "Senior support",
    Level.MANAGEMENT: "Management",
}
ROLE_OF: dict[Level, Role] = {
    Level.SUPPORT: Role.AGENT,
    Level.SENIOR: Role.SENIOR,
    Level.MANAGEMENT: Role.MANAGER,
}


def reasons_for(level: Level) -> tuple[Criterion, ...]:
    """Return the manual's reasons for bringing a case to `level`."""
    return tuple(c for c in CRITERIA if c.level is level)


def check(start: Level, to: Level, criterion: str) -> None:
    """Raise StateError unless `to` is above `start`, BadInput unless `criterion` is one of the reasons for `to`."""
    if to <= start:
        raise StateError(
            f"This case is at level {int(start)} already.",
            hint="Hand it back with “Return to a lower level” instead.",
        )
    if criterion not in {c.id for c in reasons_for(to)}:
        raise BadInput("This is none of the manual's reasons for that level.", hint="Choose one from the list.")
