"""Concepts that are only looked at so far: which variant is there, and what an effect could achieve on it."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.adapters.platform.probe import Shape
from hotmess_console.domain.platform import Binding, Enforceable


@dataclass(frozen=True, slots=True)
class _Variant:
    concept: str
    words: str
    table: str
    columns: tuple[str, ...]
    """All of these must be there for the variant to be recognised."""
    enforceable: Enforceable
    note: str


_APPLIED, _PARTIAL, _NOT_HERE = Enforceable.APPLIED, Enforceable.PARTIAL, Enforceable.NOT_HERE
_IN_APP = "Drained by the platform within 5 minutes to bell and push, never to e-mail."

# The first variant of a concept that fits is its binding; live shapes stand before the older ones.
_VARIANTS = (
    _Variant(
        "in-app outbox", "notification_outbox (retry columns)", "public.notification_outbox",
        ("user_email", "notification_type", "status", "dedup_key", "retry_count"), _APPLIED, _IN_APP,
    ),
    _Variant(
        "in-app outbox", "notification_outbox (first migrations)", "public.notification_outbox",
        ("user_email", "notification_type", "status"), _PARTIAL,
        "Rows can be queued, but this vintage's drainers fail to deliver them.",
    ),
    _Variant(
        "in-app outbox", "notification_outbox (stub: type and payload)", "public.notification_outbox",
        ("user_id", "type", "payload"), _PARTIAL, "The stub lacks the columns that the drainers read.",
    ),
    _Variant(
        "in-app notices", "notifications (live: user_id and body)", "public.notifications",
        ("user_id", "body"), _APPLIED, "The bell matches on the lower-case e-mail address.",
    ),
    _Variant(
        "in-app notices", "notifications (old: message)", "public.notifications",
        ("user_email", "message"), _PARTIAL, "The platform's own drainer cannot write this shape.",
    ),
    _Variant(
        "reports", "reports (live: target_type and target_id)", "public.reports",
        ("target_type", "target_id", "status"), _APPLIED, 
        "Closed means a status other than open, pending, under_review.",
    ),
    _Variant(
        "reports", "reports (old: reported_item_type and reporter_email)", "public.reports",
        ("reported_item_type", "reported_item_id", "status"), _APPLIED,
        "Only pending, reviewed, resolved and dismissed are accepted as status.",
    ),
    _Variant(
        "photos", "profile_photos", "public.profile_photos", ("moderation_status",), _PARTIAL,
        "Readers obey moderation_status; copies in avatar_url stay, and the owner can set it back.",
    ),
    _Variant(
        "listings", "market_listings", "public.market_listings", ("seller_id", "status"), _PARTIAL,
        "Readers show active and live only; the seller can set it live again.",
    ),
    _Variant(
        "listings", "preloved_listings", "public.preloved_listings", ("status",), _PARTIAL,
        "The old shape of listings; the seller can set it live again.",
    ),
    _Variant(
        "beacons", "beacons (live: status and active)", "public.beacons", ("status", "active"), _APPLIED,
        "A removal sets status, active, the end and visibility together.",
    ),
    _Variant(
        "beacons", "beacons (migrations: visibility only)", "public.beacons", ("visibility", "ends_at"),
        _APPLIED,
        "There is no status here: a removal sets visibility to admin_only and ends it.",
    ),
    _Variant(
        "beacons", "beacons (stub: is_active)", "public.beacons", ("is_active",), _PARTIAL,
        "Only is_active can be cleared.",
    ),
    _Variant(
        "messages", "messages (live: conversation_id)", "public.messages", ("conversation_id", "content"),
        _PARTIAL,
        "There is no way to hide one: its content is replaced, after a copy was kept.",
    ),
    _Variant(
        "messages", "messages (old: thread_id)", "public.messages", ("thread_id", "content"), _PARTIAL,
        "There is no way to hide one: its content is replaced, after a copy was kept.",
    ),
    _Variant(
        "safety events", "safety_events", "public.safety_events", ("user_id", "type", "resolved_at"),
        _APPLIED,
        "Nobody on the platform sets resolved_at, so the console does.",
    ),
    _Variant(
        "safety incidents", "safety_incidents", "public.safety_incidents", ("status", "resolved_at"),
        _APPLIED,
        "Acknowledged has no other writer than the console.",
    ),
    _Variant(
        "check-ins", "safety_checkins (live: expires_at)", "public.safety_checkins", ("user_id",
        "expires_at", "status"),
        _APPLIED, "Setting checked_in stops the platform's own alerts.",
    ),
    _Variant(
        "check-ins", "safety_checkins (migrations)", "public.safety_checkins", ("user_email",
        "expected_check_out"), _PARTIAL,
        "The columns that the platform's own alerts read are missing here.",
    ),
    _Variant(
        "trusted contacts", "trusted_contacts (live: user_id)", "public.trusted_contacts", ("user_id",
        "contact_phone"),
        _APPLIED, "Read only.",
    ),
    _Variant(
        "trusted contacts", "trusted_contacts (old: user_email)", "public.trusted_contacts", ("user_email",),
        _APPLIED,
        "Read only.",
    ),
    _Variant(
        "appeals", "moderation_appeals", "public.moderation_appeals", ("status", "reviewer_notes"), _PARTIAL,
        "The appellant can change his own row, so the console's record decides.",
    ),
    _Variant(
        "sign-in block", "auth.users.banned_until", "auth.users", ("banned_until",), _PARTIAL,
        "Blocks the next sign-in; a session that is open lives until its token expires.",
    ),
    _Variant(
        "subscriptions", "subscriptions", "public.subscriptions", ("status", "tier"), _PARTIAL,
        "Users can insert their own rows: no evidence of payment.",
    ),
)  # fmt: skip
TABLES = tuple(variant.table for variant in _VARIANTS)


def bindings(shape: Shape) -> tuple[Binding, ...]:
    """One binding for each concept, in the order of the table above."""
    concepts = dict.fromkeys(variant.concept for variant in _VARIANTS)
    return tuple(_binding(shape, concept) for concept in concepts)


def _binding(shape: Shape, concept: str) -> Binding:
    variants = [variant for variant in _VARIANTS if variant.concept == concept]
    tables = tuple(dict.fromkeys(variant.table for variant in variants if shape.get(variant.table) is not None))
    for variant in variants:
        relation = shape.get(variant.table)
        if relation is None or not relation.has(*variant.columns):
            continue
        if not relation.owned:
            note = f"{relation.words} belongs to another role, which would have to apply it."
            return Binding(concept, variant.words, (relation.words,), _NOT_HERE, note)
        return Binding(concept, variant.words, (relation.words,), variant.enforceable, variant.note)
    if tables:
        note = "The table is there in a shape that the console does not know, so it is left alone."
        return Binding(concept, "unknown shape", tables, _NOT_HERE, note)
    return Binding(
        concept,
        "absent",
        (),
        _NOT_HERE,
        "The platform has nothing of the kind; the console keeps its own record.",
    )
