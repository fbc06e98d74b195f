"""One account shape out of the platform's stores: auth.users, profiles and "User", with memberships beside.

None of the labels here (role, verified, tier) is proof: the platform lets a user write most of them himself.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from hotmess_console.adapters.platform.columns import column, first, key, latest, nothing, null, select_list
from hotmess_console.adapters.platform.probe import Relation, Shape

SHAPE = {
    "id": "uuid",
    "email": "text",
    "display_name": "text",
    "handle": "text",
    "pronouns": "text",
    "tier": "text",
    "tier_status": "text",
    "tier_ends_at": "timestamptz",
    "joined_at": "timestamptz",
    "last_seen_at": "timestamptz",
    "verified": "bool",
    "verification_level": "text",
    "city": "text",
    "platform_role": "text",
}
TABLES = ("auth.users", "public.profiles", "public.User", "public.memberships")

# Names under which the stores call "no paid tier" (contract, section 4); compared in lower case.
_FREE_TIERS = ("", "free", "basic", "mess")


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores that exist, can be read and have the key they are joined by."""

    users: Relation | None
    profiles: Relation | None
    members: Relation | None
    """The table called "User", keyed by auth_user_id."""
    memberships: Relation | None

    @property
    def sources(self) -> tuple[Relation, ...]:
        """Those that tell who somebody is."""
        return tuple(store for store in (self.users, self.profiles, self.members) if store is not None)


def account_stores(shape: Shape) -> Stores:
    """Which stores of accounts this platform has."""
    return Stores(
        _keyed(shape, "auth.users", "id"),
        _keyed(shape, "public.profiles", "id"),
        _keyed(shape, "public.User", "auth_user_id"),
        _keyed(shape, "public.memberships", "user_id"),
    )


def accounts_query(shape: Shape) -> sql.Composable:
    """The SELECT behind `platform.accounts`: one row per account, whichever stores there are."""
    stores = account_stores(shape)
    joined = [(alias, store, name) for alias, store, name in _joinable(stores) if store is not None]
    if not stores.sources:
        return nothing(SHAPE)
    (base, store, name), *others = joined
    identity = sql.SQL("{}.{}").format(sql.Identifier(base), sql.Identifier(name))
    tables: list[sql.Composable] = [sql.SQL("{} AS {}").format(_one_row_each(store, name), sql.Identifier(base))]
    tables += [
        sql.SQL("LEFT JOIN {} AS {} ON {}.{} = {}").format(
            _one_row_each(other, on),
            sql.Identifier(alias),
            sql.Identifier(alias),
            sql.Identifier(on),
            identity,
        )
        for alias, other, on in others
    ]
    tables.append(_tier(stores))
    values: dict[str, sql.Composable | None] = {"id": identity, **_person(stores), **_standing(stores)}
    return sql.SQL("SELECT {}\n  FROM {}\n WHERE {} IS NOT NULL").format(
        select_list(SHAPE, values), sql.SQL("\n  ").join(tables), identity
    )


def _keyed(shape: Shape, words: str, name: str) -> Relation | None:
    found = shape.readable(words, name)
    return found if found is not None and found.columns[name] == "uuid" else None


def _joinable(stores: Stores) -> list[tuple[str, Relation | None, str]]:
    return [
        ("u", stores.users, "id"),
        ("p", stores.profiles, "id"),
        ("x", stores.members, "auth_user_id"),
        ("m", stores.memberships, "user_id"),
    ]


def _one_row_each(store: Relation, name: str) -> sql.Composable:
    """The store itself where its key is unique; otherwise one row for each key, so nobody appears twice."""
    if name in store.unique:
        return store.identifier
    newest = [at for at in ("updated_at", "started_at", "created_at") if store.has(at)]
    order = [sql.SQL("{} DESC NULLS LAST").format(sql.Identifier(at)) for at in newest]
    return sql.SQL("(SELECT DISTINCT ON ({0}) * FROM {1} ORDER BY {2})").format(
        sql.Identifier(name), store.identifier, sql.SQL(", ").join([sql.Identifier(name), *order])
    )


def _person(stores: Stores) -> dict[str, sql.Composable | None]:
    u, p, x = stores.users, stores.profiles, stores.members
    signup = [] if u is None else key("u", u, "raw_user_meta_data", "display_name", "full_name", "name")
    names = [
        column("p", p, "display_name", "text"),
        *_columns("x", x, "text", "display_name", "full_name", "name"),
    ]
    return {
        "email": first([column(alias, store, "email", "text") for alias, store in _aliases(stores)], "text"),
        "display_name": first([*names, *signup], "text"),
        "handle": first(
            [
                *_columns("p", p, "text", "handle", "username"),
                *_columns("x", x, "text", "handle", "username"),
            ],
            "text",
        ),
        "pronouns": first([column("p", p, "pronouns", "text"), column("x", x, "pronouns", "text")], "text"),
        "city": first([*_columns("p", p, "text", "city", "location_city"), column("x", x, "city", "text")], "text"),
    }


def _standing(stores: Stores) -> dict[str, sql.Composable | None]:
    u, p, x = stores.users, stores.profiles, stores.members
    seen = [
        *_columns("p", p, "timestamptz", "last_seen_at", "last_seen"),
        *_columns("x", x, "timestamptz", "last_seen_at", "last_seen"),
        column("u", u, "last_sign_in_at", "timestamptz"),
    ]
    return {
        "tier": sql.SQL("paid.tier"),
        "tier_status": sql.SQL("paid.status"),
        "tier_ends_at": sql.SQL("paid.ends_at"),
        "joined_at": first([column(a, s, "created_at", "timestamptz") for a, s in _aliases(stores)], "timestamptz"),
        "last_seen_at": latest(seen),
        "verified": column("p", p, "is_verified", "bool"),
        "verification_level": first(
            [column("p", p, "verification_level", "text"), column("x", x, "verification_status", "text")],
            "text",
        ),
        "platform_role": first([column("p", p, "role", "text"), column("x", x, "role", "text")], "text"),
    }


def _aliases(stores: Stores) -> list[tuple[str, Relation | None]]:
    return [("u", stores.users), ("p", stores.profiles), ("x", stores.members)]


def _columns(alias: str, store: Relation | None, kind: str, *names: str) -> list[sql.Composable | None]:
    return [column(alias, store, name, kind) for name in names]


def _tier(stores: Stores) -> sql.Composable:
    """Tier, status and end from one and the same store: the first with a paid tier, else with any."""
    m, p, x = stores.memberships, stores.profiles, stores.members
    options = [
        ("m", m, "tier", "status", "ends_at"),
        ("p", p, "subscription_tier", "subscription_status", "subscription_ends_at"),
        ("p", p, "membership_tier", "subscription_status", "subscription_ends_at"),
        ("x", x, "subscription_tier", "subscription_status", "subscription_ends_at"),
        ("x", x, "membership_tier", "subscription_status", "subscription_ends_at"),
    ]
    rows = [
        sql.SQL("({}, {}, {}, {})").format(
            sql.Literal(rank),
            named,
            first([column(alias, store, status, "text")], "text"),
            first([column(alias, store, end, "timestamptz")], "timestamptz"),
        )
        for rank, (alias, store, tier, status, end) in enumerate(options)
        if (named := column(alias, store, tier, "text")) is not None
    ] or [sql.SQL("(0, {}, {}, {})").format(null("text"), null("text"), null("timestamptz"))]
    # A membership that ran out says nothing about today: any other store goes before it.
    return sql.SQL(
        "LEFT JOIN LATERAL (SELECT c.tier, c.status, c.ends_at\n"
        "    FROM (VALUES {rows}) AS c (rank, tier, status, ends_at)\n"
        "   WHERE c.tier IS NOT NULL\n"
        "   ORDER BY c.status IS NOT DISTINCT FROM 'expired', pg_catalog.lower(c.tier) IN ({free}), c.rank\n"
        "   LIMIT 1) AS paid ON true"
    ).format(
        rows=sql.SQL(",\n            ").join(rows),
        free=sql.SQL(", ").join(sql.Literal(name) for name in _FREE_TIERS),
    )
