"""Foundation: cases, tickets, messages with their delivery ledger, commands, templates, audit."""

from __future__ import annotations

from hotmess_console.models.migrations.steps import run_steps

revision = "0001"
down_revision = None

STEPS = (
    ("console_owner", "01_base"),
    ("console_owner", "02_commands"),
    ("console_owner", "03_cases"),
    ("console_owner", "04_tickets"),
    ("console_owner", "05_desk"),
    ("console_audit_owner", "06_audit"),
    ("console_owner", "07_audit_triggers"),
    ("console_owner", "08_access"),
)


def upgrade() -> None:
    """Run each step as the role that owns what it makes."""
    run_steps(revision, STEPS)


def downgrade() -> None:
    """There is no way back: cases would be lost. Restore a backup instead."""
    raise NotImplementedError("Restore a backup made before the upgrade.")
