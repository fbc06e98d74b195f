"""Running the SQL of one revision, each step as the role that owns what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from alembic import context, op


def run_steps(revision: str, steps: Sequence[tuple[str, str]]) -> None:
    """Run ``sql/<revision>/<step>.sql`` for each (owner, step), and end as `console_owner`."""
    folder = files("hotmess_console.models.migrations") / "sql" / revision
    trigram_ops: str = context.config.attributes["trigram_ops"]
    for owner, step in steps:
        op.execute(f"SET LOCAL ROLE {owner}")
        text = (folder / f"{step}.sql").read_text(encoding="utf-8")
        # on the driver's own connection: SQLAlchemy would take the percent signs for placeholders
        raw = op.get_bind().connection.driver_connection
        assert raw is not None
        raw.execute(text.replace("{{trigram_ops}}", trigram_ops))
    op.execute("SET LOCAL ROLE console_owner")
