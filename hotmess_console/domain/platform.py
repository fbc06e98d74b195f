"""What the console found on the shared platform, in words that `db check` and `doctor` can print."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Enforceable(StrEnum):
    """How far a decision about this concept takes effect on the platform itself."""

    APPLIED = "applied"
    PARTIAL = "partial"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True)
class Binding:
    """One concept, the variant of it that this platform has, and what can be enforced there."""

    concept: str
    variant: str
    relations: tuple[str, ...]
    """Tables that were found for it, as ``schema.name``; empty where the platform has none."""
    enforceable: Enforceable
    note: str
