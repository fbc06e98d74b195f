"""Foundation: cases, tickets, messages with their delivery ledger, commands, templates, audit."""

from __future__ import annotations

from importlib.resources import files

from alembic import context, op

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
    folder = files("hotmess_console.models.migrations") / "sql" / revision
    trigram_ops: str = context.config.attributes["trigram_ops"]
    for owner, step in STEPS:
        op.execute(f"SET LOCAL ROLE {owner}")
        text = (folder / f"{step}.sql").read_text(encoding="utf-8")
        # on the driver's own connection: SQLAlchemy would take the percent signs for placeholders
        raw = op.get_bind().connection.driver_connection
        assert raw is not None
        raw.execute(text.replace("{{trigram_ops}}", trigram_ops))
    op.execute("SET LOCAL ROLE console_owner")


def downgrade() -> None:
    """There is no way back: cases would be lost. Restore a backup instead."""
    raise NotImplementedError("Restore a backup made before the upgrade.")
