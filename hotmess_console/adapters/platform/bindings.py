"""Puts into words which variant of each concept the platform has, and how far a decision takes effect."""

from __future__ import annotations

from hotmess_console.adapters.platform import accounts, later_concepts, tickets
from hotmess_console.adapters.platform.probe import Relation, Shape
from hotmess_console.domain.platform import Binding, Enforceable

TABLES = (*tickets.TABLES, *accounts.TABLES, *later_concepts.TABLES)


def bindings(shape: Shape, *, installed: bool = True) -> tuple[Binding, ...]:
    """Every concept with its binding, in the order in which people read it.

    Where the views and functions are not in place (`installed` false), nothing bound to them is enforceable.
    """
    bound = (
        _tickets(shape, installed),
        _replies(shape, installed),
        _accounts(shape, installed),
        _memberships(shape, installed),
    )
    return bound + later_concepts.bindings(shape)


_NOT_INSTALLED = "The views and functions are missing or not as they should be: run hotmess-console db install."


def _tickets(shape: Shape, installed: bool) -> Binding:
    concept, table = "tickets", shape.get(tickets.TICKETS)
    if table is None:
        note = "The platform has no table of tickets; those that people open here live in the console alone."
        return Binding(concept, "absent: the console keeps its own", (), Enforceable.NOT_HERE, note)
    if tickets.ticket_table(shape) is None:
        return _unusable(concept, table, "id, subject, message, status, created_at")
    variant = "support_tickets (migrations)" if table.has("user_email", "metadata") else "support_tickets (changed)"
    missing = [
        name for name in ("status", "priority", "category", "admin_response", "resolved_at") if not table.has(name)
    ]
    return _ticket_like(
        concept,
        variant,
        table,
        missing,
        installed,
        "Status, priority and category are written to the platform.",
    )


def _replies(shape: Shape, installed: bool) -> Binding:
    concept, table = "ticket replies", shape.get(tickets.REPLIES)
    if table is None:
        note = "The platform stores no replies: the console keeps them (and admin_response, if there, the last)."
        return Binding(concept, "absent: the console keeps its own", (), Enforceable.NOT_HERE, note)
    if tickets.reply_table(shape) is None:
        return _unusable(concept, table, "id, ticket_id, message, created_at")
    note = "A reply is stored on the platform, where no screen shows it: it has to go out by e-mail too."
    missing = [name for name in ("responder_type",) if not table.has(name)]
    return _ticket_like(concept, "ticket_responses (migrations)", table, missing, installed, note)


def _ticket_like(
    concept: str, variant: str, table: Relation, missing: list[str], installed: bool, note: str
) -> Binding:
    enforceable = Enforceable.APPLIED
    if missing:
        enforceable, note = Enforceable.PARTIAL, f"{note} Columns missing here: {', '.join(missing)}."
    if not table.owned or not table.is_table:
        enforceable = Enforceable.NOT_HERE
        note = f"{table.words} belongs to another role: read only, and new rows are found by polling."
    if not installed:
        enforceable, note = Enforceable.NOT_HERE, _NOT_INSTALLED
    return Binding(concept, variant, (table.words,), enforceable, note)


def _unusable(concept: str, table: Relation, needed: str) -> Binding:
    why = (
        f"It lacks one of the columns {needed}, or its id is no uuid."
        if table.readable
        else f"{table.words} cannot be read by the installing role, or row security hides its rows."
    )
    return Binding(concept, "found, but not usable", (table.words,), Enforceable.NOT_HERE, why)


def _accounts(shape: Shape, installed: bool) -> Binding:
    stores = accounts.account_stores(shape)
    found = tuple(words for words in accounts.TABLES[:3] if shape.get(words) is not None)
    if not stores.sources:
        note = "No account can be looked up; the person pane shows what the ticket itself says."
        return Binding("accounts", "absent or not readable", found, Enforceable.NOT_HERE, note)
    variant = " + ".join(_store_words(store) for store in stores.sources)
    unread = [words for words in found if words not in {store.words for store in stores.sources}]
    note = "Shown to staff only. Role, tier and verified are labels that users can write themselves."
    enforceable = Enforceable.APPLIED
    if unread:
        enforceable, note = Enforceable.PARTIAL, f"{note} Not readable here: {', '.join(unread)}."
    if not installed:
        enforceable, note = Enforceable.NOT_HERE, _NOT_INSTALLED
    return Binding("accounts", variant, found, enforceable, note)


def _store_words(store: Relation) -> str:
    return {"users": "auth.users", "User": '"User"'}.get(store.name, store.name)


def _memberships(shape: Shape, installed: bool) -> Binding:
    stores = accounts.account_stores(shape)
    live = stores.profiles is not None and stores.profiles.has("subscription_tier", "subscription_ends_at")
    parts = {
        "memberships": stores.memberships is not None,
        "profiles (live columns)": live,
        "profiles (membership_tier only)": not live
        and stores.profiles is not None
        and stores.profiles.has("membership_tier"),
        '"User"': stores.members is not None and stores.members.has("membership_tier"),
    }
    variant = " + ".join(words for words, there in parts.items() if there)
    if not variant:
        note = "No tier is stored anywhere that can be read."
        return Binding("memberships", "absent", (), Enforceable.NOT_HERE, note)
    tables = (stores.memberships, stores.profiles, stores.members)
    found = tuple(store.words for store in tables if store is not None)
    note = "Shown as stored: several writers use different names for tiers, and users can write them themselves."
    return Binding("memberships", variant, found, Enforceable.PARTIAL if installed else Enforceable.NOT_HERE, note)
