"""Alembic's entry: runs the migrations on the connection that the installer opened."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=None,
    version_table="revision",
    version_table_schema="console",
)
with context.begin_transaction():
    context.run_migrations()
