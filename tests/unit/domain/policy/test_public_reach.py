"""How grave it is what everybody may, and the line that ends it."""

from __future__ import annotations

import pytest

from hotmess_console.domain.policy.public_reach import Gravity, Kind, Reach, findings, gravity, statement

pytestmark = pytest.mark.foundation


def table(*rights: str, guarded: bool = False, keep: tuple[str, ...] = ()) -> Reach:
    return Reach(Kind.TABLE, "public.reports", rights, "owner", guarded=guarded, keep=keep)


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (table("SELECT"), Gravity.READ),
        (table("SELECT", guarded=True), Gravity.READ_BY_CLAIM),
        (table("INSERT", "SELECT"), Gravity.WRITE),
        (table("INSERT", "SELECT", guarded=True), Gravity.WRITE_BY_CLAIM),
        # row security looks at neither
        (table("TRUNCATE", guarded=True), Gravity.WRITE),
        (table("SELECT", "TRIGGER", guarded=True), Gravity.WRITE),
        (Reach(Kind.FUNCTION, "public.f()", ("EXECUTE",), "owner", as_owner=True), Gravity.RUN_AS_OWNER),
        (Reach(Kind.FUNCTION, "public.f()", ("EXECUTE",), "owner"), Gravity.RUN_AS_SELF),
        (Reach(Kind.FUNCTION, "public.f()", ("EXECUTE",), "o", as_owner=True, for_triggers=True), Gravity.ATTACH),
        (Reach(Kind.SCHEMA, "public", ("CREATE",), "owner"), Gravity.PLANT),
        (Reach(Kind.SCHEMA, "public", ("USAGE",), "owner"), Gravity.ENTER),
        (Reach(Kind.DATABASE, "platform", ("TEMPORARY",), "owner"), Gravity.ROOM),
        (Reach(Kind.DATABASE, "platform", ("CREATE", "TEMPORARY"), "owner"), Gravity.PLANT),
        (Reach(Kind.SEQUENCE, "public.s", ("USAGE",), "owner"), Gravity.COUNT),
        (Reach(Kind.ROLE, "service_role", ("MEMBER",), "owner", staff="imani"), Gravity.BECOME),
        (Reach(Kind.DEFAULT, "TABLES", ("SELECT",), "owner"), Gravity.FUTURE),
    ],
)
def test_each_thing_has_its_gravity(reach: Reach, expected: Gravity) -> None:
    assert gravity(reach) is expected


@pytest.mark.parametrize(
    ("reach", "line"),
    [
        (table("SELECT"), "REVOKE SELECT ON TABLE public.reports FROM PUBLIC;"),
        (
            table("INSERT", "SELECT", keep=("anon", "authenticated")),
            "GRANT INSERT, SELECT ON TABLE public.reports TO anon, authenticated; "
            "REVOKE INSERT, SELECT ON TABLE public.reports FROM PUBLIC;",
        ),
        (
            Reach(Kind.VIEW, "public.v", ("SELECT",), "owner", columns=("id", '"E-mail"')),
            'REVOKE SELECT (id, "E-mail") ON TABLE public.v FROM PUBLIC;',
        ),
        (Reach(Kind.ROLE, "anon", ("MEMBER",), "o", staff="imani"), "REVOKE anon FROM imani;"),
        (
            Reach(Kind.DEFAULT, "TABLES", ("SELECT",), "owner", schema="public"),
            "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC;",
        ),
    ],
)
def test_the_line_takes_from_everybody_and_first_gives_by_name_what_the_platform_needs(reach: Reach, line: str) -> None:
    assert statement(reach) == line


def test_the_worst_comes_first_and_equals_by_their_names() -> None:
    low = Reach(Kind.SCHEMA, "public", ("USAGE",), "owner")
    one, two = (Reach(Kind.FUNCTION, f"public.{name}()", ("EXECUTE",), "o", as_owner=True) for name in "ab")
    found = findings([low, two, table("SELECT"), one])
    assert [finding.what.split("(")[0] for finding in found] == [
        "function public.a",
        "function public.b",
        "table public.reports: SELECT",
        "schema public: USAGE",
    ]
