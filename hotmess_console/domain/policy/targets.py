"""What each category is promised.

Source: manual, "Ticket Categories & Response Times". Safety is answered within 1 hour, billing within 4, technical and
business within 24, general within 24-48, feedback within 48-72. Where the manual gives a range, a ticket is due at its
lower end and breached at its upper; elsewhere both are the same moment. Tickets without a category, or filed under
"other", count as general. The manual names no time to resolve, so by our own choice the same figures count again from
the first reply (decision 10). All figures are a setting; that a safety ticket is urgent is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category, Priority

LONGEST = timedelta(days=90)
"""No target may be longer: beyond this it is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one category is promised: its priority, and when it is due and breached, counted from the start."""

    priority: Priority
    due: timedelta
    breach: timedelta


@dataclass(frozen=True, slots=True)
class Targets:
    """The promises in force, for the first response and for the resolution after it."""

    response: Mapping[Category, Target]
    resolution: Mapping[Category, Target]

    def of(self, category: Category | None) -> Target:
        """Return the promise for a first response; none and "other" count as general."""
        return self.response[_counted_as(category)]

    def resolving(self, category: Category | None) -> Target:
        """Return the promise for the resolution; none and "other" count as general."""
        return self.resolution[_counted_as(category)]

    def to_json(self) -> dict[str, Any]:
        """Return the promises as JSON values; times in minutes."""
        return {"response": _table_json(self.response), "resolution": _table_json(self.resolution)}

    @classmethod
    def from_json(cls, value: Any) -> Targets:
        """Return what `to_json` wrote. Raises BadInput naming the key that is wrong and the nearest valid one."""
        if not isinstance(value, dict):
            raise BadInput("The response targets are missing.", hint="A manager can set them under Settings.")
        _check_keys("The targets", value, ("response", "resolution"))
        return cls(_table(value, "response"), _table(value, "resolution"))


def _counted_as(category: Category | None) -> Category:
    return Category.GENERAL if category in (None, Category.OTHER) else category


def _hours(priority: Priority, due: int, breach: int) -> Target:
    return Target(priority, timedelta(hours=due), timedelta(hours=breach))


MANUAL_ROWS: dict[Category, Target] = {
    Category.SAFETY: _hours(Priority.URGENT, 1, 1),
    Category.BILLING: _hours(Priority.HIGH, 4, 4),
    Category.TECHNICAL: _hours(Priority.NORMAL, 24, 24),
    Category.GENERAL: _hours(Priority.NORMAL, 24, 48),
    Category.FEEDBACK: _hours(Priority.LOW, 48, 72),
    Category.BUSINESS: _hours(Priority.NORMAL, 24, 24),
}
MANUAL = Targets(MANUAL_ROWS, MANUAL_ROWS)


def _table_json(table: Mapping[Category, Target]) -> dict[str, Any]:
    return {
        category.value: {
            "priority": target.priority.value,
            "due_minutes": _minutes(target.due),
            "breach_minutes": _minutes(target.breach),
        }
        for category, target in table.items()
    }


def _minutes(span: timedelta) -> float:
    minutes = span / timedelta(minutes=1)
    return int(minutes) if minutes.is_integer() else minutes


def _table(value: dict[str, Any], name: str) -> dict[Category, Target]:
    rows = value[name]
    if not isinstance(rows, dict):
        raise BadInput(f"The targets' part “{name}” is no table.", hint="It needs one entry for each category.")
    if Category.OTHER in rows:
        raise BadInput(f"“{name}.other” cannot be set: it counts as general.", hint=f"Set “{name}.general”.")
    _check_keys(f"The targets' part “{name}”", rows, [category.value for category in MANUAL_ROWS])
    return {category: _target(f"{name}.{category.value}", rows[category.value]) for category in MANUAL_ROWS}


def _target(key: str, row: Any) -> Target:
    if not isinstance(row, dict):
        raise BadInput(f"“{key}” is no table.", hint="It needs priority, due_minutes and breach_minutes.")
    _check_keys(f"“{key}”", row, ("priority", "due_minutes", "breach_minutes"))
    target = Target(
        _priority(f"{key}.priority", row["priority"]),
        _span(f"{key}.due_minutes", row["due_minutes"]),
        _span(f"{key}.breach_minutes", row["breach_minutes"]),
    )
    if target.due > target.breach:
        raise BadInput(f"“{key}” is breached before it is due.", hint="Make breach_minutes at least due_minutes.")
    if key.endswith(f".{Category.SAFETY.value}") and target.priority is not Priority.URGENT:
        raise BadInput(f"“{key}.priority” must stay urgent.", hint="The manual makes safety tickets urgent.")
    return target


def _priority(key: str, value: Any) -> Priority:
    try:
        return Priority(value)
    except ValueError:
        raise BadInput(f"“{key}” is no priority.", hint=_nearest(str(value), [p.value for p in Priority])) from None


def _span(key: str, value: Any) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"“{key}” is no number.", hint="Give minutes, such as 240 for four hours.")
    longest = LONGEST / timedelta(minutes=1)
    if not 1 <= value <= longest:
        raise BadInput(f"“{key}” is out of range.", hint=f"Give 1 to {longest:,.0f} minutes.")
    return timedelta(minutes=value)


def _check_keys(what: str, found: Mapping[str, Any], valid: Iterable[str]) -> None:
    names = list(valid)
    for key in found:
        if key not in names:
            raise BadInput(f"{what} has an unknown key “{str(key)[:40]}”.", hint=_nearest(str(key), names))
    missing = [name for name in names if name not in found]
    if missing:
        raise BadInput(f"{what} lacks {', '.join(missing)}.", hint="Add what is missing.")


def _nearest(given: str, valid: list[str]) -> str:
    from difflib import get_close_matches  # only a mistake needs it; no start waits for it

    near = get_close_matches(given.casefold(), valid, 1)
    return f"Did you mean “{near[0]}”?" if near else f"Use one of {', '.join(valid)}."
