"""What a new installation starts with: the edge table, the manual's targets and templates, the go-live instant."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from hotmess_console.domain import templates
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.policy.workflow import EDGES
from hotmess_console.services.resources import folder

Raw = psycopg.Connection[Any]

DEFAULTS: dict[str, object] = {
    "sla.targets": MANUAL.to_json(),
    "messages.hold_seconds": 20,
    "tickets.close_after_days": 7,
    "mail.from_address": "support@hotmess.london",
    "mail.from_name": "HOTMESS Support",
    "mail.smtp": {"host": "", "port": 0, "tls": True},
    "undo.list": 50,
    "reads.alarm_per_hour": 20,
    "moderation.ban_second_person": False,
}


def seed(raw: Raw) -> datetime:
    """Insert what is missing and change nothing that is there; return the go-live instant, set once."""
    _edges(raw)
    for key, value in DEFAULTS.items():
        _setting(raw, key, value)
    _templates(raw)
    row = raw.execute("SELECT console.now()").fetchone()
    _setting(raw, "intake.go_live", row[0].isoformat() if row else "")
    kept = raw.execute("SELECT value #>> '{}' FROM console.settings WHERE key = 'intake.go_live'").fetchone()
    return datetime.fromisoformat(kept[0] if kept else "")


def _edges(raw: Raw) -> None:
    for start, to in sorted(EDGES):
        raw.execute("INSERT INTO console.case_edges VALUES (%s, %s) ON CONFLICT DO NOTHING", (start.value, to.value))


def _setting(raw: Raw, key: str, value: object) -> None:
    raw.execute(
        "INSERT INTO console.settings (key, value) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING",
        (key, Jsonb(value)),
    )


def _templates(raw: Raw) -> None:
    for path in sorted((folder() / "templates").glob("*.toml")):
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        templates.check(text["body"])
        new = raw.execute(
            "INSERT INTO console.templates (id, language, area, name) "
            "VALUES (%(id)s, %(language)s, %(area)s, %(name)s) ON CONFLICT DO NOTHING RETURNING id",
            text,
        ).fetchone()
        if new:
            raw.execute(
                "INSERT INTO console.template_versions (id, language, version, subject, body) "
                "VALUES (%(id)s, %(language)s, 1, %(subject)s, %(body)s)",
                text,
            )
