"""The lines of `hotmess-console staff`: their words, their arguments, and what each prints."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hotmess_console.app.subcommands import JSON, NEEDED_DSN, Arguments, Subcommand, option, print_json, with_password


def _list(arguments: Arguments) -> int:
    from hotmess_console.app import staff
    from hotmess_console.domain.staff import roles_words

    found = staff.listed(with_password(arguments.dsn))
    if arguments.json:
        print_json([{"login": c.login, "name": c.name, "roles": sorted(c.roles), "active": c.active} for c in found])
        return 0
    for c in found:
        print(f"{c.login:<16}  {c.name}, @{c.handle}: {roles_words(sorted(c.roles)) if c.active else 'disabled'}")
    return 0


def _do(verb: str, arguments: Arguments) -> int:
    from hotmess_console.app import staff

    given = {key: value for key, value in vars(arguments).items() if key not in ("run", "dsn") and value is not None}
    roles = tuple(f"console_{role}" for role in given.pop("roles", ()))
    staff.carry_out(staff.Request(verb, with_password(arguments.dsn), roles=roles, **given), print)
    return 0


_ROLES = ("agent", "senior", "manager", "moderator", "safety", "auditor")
_WHO = option("who", metavar="LOGIN", help="a login, or a handle such as @rowan")
_ROLE = option("roles", metavar="ROLE", nargs=1, choices=_ROLES, help=f"one of {', '.join(_ROLES)}")
_FILE = option(
    "--password-file",
    type=Path,
    metavar="FILE",
    help="write login and password there, readable for you alone; it must not be there yet",
)
LINES = (
    Subcommand(("staff", "list"), "say who is at the desk, and in which roles", _list, (NEEDED_DSN, JSON)),
    Subcommand(
        ("staff", "add"),
        "add somebody; the installing login does it alone, which is where the first manager comes from",
        partial(_do, "add"),
        (
            option("who", metavar="NAME", help="the name that colleagues see"),
            option("--role", dest="roles", action="append", choices=_ROLES, help="may be given repeatedly"),
            option("--handle", help="what colleagues write after @"),
            option("--initials", help="one to three letters"),
            option("--email", help="for the desk's own notices"),
            _FILE,
            NEEDED_DSN,
        ),
    ),
    Subcommand(("staff", "grant"), "give somebody a role", partial(_do, "grant"), (_WHO, _ROLE, NEEDED_DSN)),
    Subcommand(
        ("staff", "revoke"),
        "take a role away at once, with every role that includes it",
        partial(_do, "revoke"),
        (_WHO, _ROLE, NEEDED_DSN),
    ),
    Subcommand(("staff", "disable"), "shut somebody out at once", partial(_do, "disable"), (_WHO, NEEDED_DSN)),
    Subcommand(
        ("staff", "reset-password"),
        "make somebody a new password, shown once",
        partial(_do, "reset-password"),
        (_WHO, _FILE, NEEDED_DSN),
    ),
)
