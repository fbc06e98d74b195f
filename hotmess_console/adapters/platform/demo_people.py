"""The demo platform's people and tickets, written as the platform itself would have written them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from hotmess_console.domain.values import Status
from hotmess_console.services.demo.people import DemoAccount
from hotmess_console.services.demo.tickets import DemoTicket
from hotmess_console.services.ids import part_of

Conn = psycopg.Connection[Any]


def insert_people(conn: Conn, people: Sequence[DemoAccount]) -> None:
    """Sign up `people`: users, profiles, and memberships for those who pay."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO auth.users (id, email, created_at) VALUES (%s, %s, %s)",
            [(p.id, p.email, _joined(p)) for p in people],
        )
        cursor.executemany(
            "INSERT INTO public.profiles (id, email, display_name, username, pronouns, city, is_demo, is_verified, "
            "verification_level, membership_tier, subscription_tier, subscription_status, last_seen, created_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, true, %s, %s, %s, %s, %s, now() - interval '1 day', %s)",
            [
                (
                    p.id,
                    p.email,
                    p.name,
                    p.handle,
                    p.pronouns,
                    p.city,
                    p.verified,
                    "basic" if p.verified else "none",
                    p.tier.lower(),
                    p.tier,
                    "active" if p.tier != "BASIC" else None,
                    _joined(p),
                )
                for p in people
            ],
        )
        cursor.executemany(
            "INSERT INTO public.memberships (user_id, tier, status, started_at) VALUES (%s, %s, 'active', %s)",
            [(p.id, p.tier.lower(), _joined(p)) for p in people if p.tier != "BASIC"],
        )


def insert_tickets(conn: Conn, tickets: Sequence[DemoTicket]) -> None:
    """Write tickets and the replies that users can see; internal notes are never on the platform."""
    finished = (Status.RESOLVED, Status.CLOSED)
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO public.support_tickets (id, user_id, user_email, subject, message, category, status, "
            "resolved_at, metadata, created_at, updated_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    t.id,
                    t.requester.id if t.has_account else None,
                    t.requester.email,
                    t.subject,
                    t.message,
                    t.category.value,
                    t.status.value,
                    t.updated_at if t.status in finished else None,
                    Jsonb({"name": t.requester.name, "source": "contact_form"}),
                    t.created_at,
                    t.updated_at,
                )
                for t in tickets
            ],
        )
        cursor.executemany(
            "INSERT INTO public.ticket_responses (id, ticket_id, responder_type, message, created_at) "
            "VALUES (%s, %s, %s, %s, %s)",
            [
                (part_of(t.id, f"reply {place}"), t.id, "user" if turn.by == "user" else "admin", turn.text, turn.at)
                for t in tickets
                for place, turn in enumerate(t.turns)
                if turn.by != "note"
            ],
        )


def _joined(person: DemoAccount) -> datetime:
    return datetime.combine(person.joined_on, time(12), UTC)
