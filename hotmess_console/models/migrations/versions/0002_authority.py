"""Authority: what protects people and money even from psql: seals, sensitive reads, staff, guards of later queues."""

from __future__ import annotations

from hotmess_console.models.migrations.steps import run_steps

revision = "0002"
down_revision = "0001"

STEPS = (
    ("console_owner", "00_shared"),
    ("console_audit_owner", "01_seals"),
    ("console_owner", "01_audit_keys"),
    ("console_owner", "02_staff"),
    ("console_owner", "03_decisions"),
    ("console_owner", "04_refunds"),
    ("console_owner", "05_sensitive_reads"),
    ("console_owner", "06_safety_tickets"),
    ("console_owner", "07_danger"),
    ("console_owner", "07_commands"),
    ("console_owner", "08_own_words"),
)


def upgrade() -> None:
    """Run each step as the role that owns what it makes."""
    run_steps(revision, STEPS)


def downgrade() -> None:
    """There is no way back: seals would be lost. Restore a backup instead."""
    raise NotImplementedError("Restore a backup made before the upgrade.")
