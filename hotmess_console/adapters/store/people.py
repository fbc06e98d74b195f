"""Accounts of the platform, read through its one view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.store.queue import like_pattern
from hotmess_console.domain.people import Account


async def find_accounts(conn: AsyncConnection, words: str, limit: int) -> Sequence[Account]:
    """Return accounts whose e-mail, name or handle contains `words`, or whose id they are."""
    wanted = words.strip()
    if not wanted:
        return []
    values = {"pattern": like_pattern(wanted), "id": _uuid(wanted), "limit": limit}
    return [account_of(row) for row in await conn.execute(_FIND, values)]


def account_of(row: Any) -> Account:
    """Return the account in one row of ``platform.accounts``."""
    return Account(
        row.id,
        row.email,
        row.display_name,
        row.handle,
        row.pronouns,
        row.tier,
        row.tier_status,
        row.tier_ends_at,
        row.joined_at,
        row.last_seen_at,
        row.verified,
        row.city,
    )


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


_FIND = text(
    "SELECT * FROM platform.accounts WHERE id = :id OR lower(email) LIKE lower(:pattern) "
    "OR lower(display_name) LIKE lower(:pattern) OR lower(handle) LIKE lower(:pattern) "
    "ORDER BY display_name NULLS LAST, id LIMIT :limit"
)
