"""Reads the hand-written demo texts, and refuses those with a slot that nothing fills."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.values import Category, Level, Status
from hotmess_console.services.demo.wording import unknown_slots

By = Literal["user", "staff", "note"]
_BESIDE = {"letters.toml", "people.toml", "slots.toml"}
_THEN = {"waiting": Status.WAITING, "resolved": Status.RESOLVED}


@dataclass(frozen=True, slots=True)
class ScriptedTurn:
    """One later message of a situation, `after` minutes from the one before it."""

    by: By
    after: int
    text: str
    then: Status | None
    """Where a staff reply leaves the ticket: waiting for the user, or resolved."""
    level: Level | None
    """The level to which a note escalates the ticket."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One reason to write to support, with slots still open."""

    id: str
    category: Category
    language: str
    subject: str
    message: str
    bare: bool
    """Written without greeting and signature."""
    thread: tuple[ScriptedTurn, ...]

    @property
    def hostile(self) -> bool:
        """Whether its text is shaped to break careless programs."""
        return self.id.startswith("hostile-")


def demo_folder() -> Path:
    """Where the demo texts lie: beside the package in a checkout, and in a packaged program as well."""
    return Path(__file__).resolve().parents[3] / "resources" / "demo"


@cache
def read_table(name: str) -> dict[str, Any]:
    """One of the demo's TOML files. Raises `SetupError` when it is missing or broken."""
    path = demo_folder() / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SetupError(
            f"The demo text {name} cannot be read: {problem}.", hint="Install the program again."
        ) from problem


@cache
def read_situations() -> tuple[Situation, ...]:
    """All situations, in the order of their files and of their places in them."""
    names = sorted(path.name for path in demo_folder().glob("*.toml") if path.name not in _BESIDE)
    return tuple(_situation(entry, Path(name).stem) for name in names for entry in read_table(name)["situation"])


def _situation(entry: dict[str, Any], stem: str) -> Situation:
    thread = tuple(_turn(turn) for turn in entry.get("thread", ()))
    texts = [entry["subject"], entry["message"], *(turn.text for turn in thread)]
    if unknown := unknown_slots(" ".join(texts)):
        raise SetupError(f"The demo text {entry['id']} has slots that nothing fills: {', '.join(sorted(unknown))}.")
    return Situation(
        id=entry["id"],
        category=Category(entry.get("category", stem)),
        language=entry["language"],
        subject=entry["subject"],
        message=entry["message"].strip(),
        bare=entry.get("bare", False),
        thread=thread,
    )


def _turn(entry: dict[str, Any]) -> ScriptedTurn:
    level = entry.get("level")
    return ScriptedTurn(
        by=entry["by"],
        after=entry["after"],
        text=entry["text"],
        then=_THEN[entry.get("then", "waiting")] if entry["by"] == "staff" else None,
        level=Level(level) if level else None,
    )
