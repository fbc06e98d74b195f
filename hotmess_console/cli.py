"""The command line: one table of subcommands; what fails says what happened and what to do, in two lines."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from hotmess_console import __version__
from hotmess_console.app import audit_lines, staff_lines, window
from hotmess_console.app import demo as demo_desk
from hotmess_console.app.desk import desk
from hotmess_console.app.subcommands import (
    DSN,
    FOLDER,
    JSON,
    NEEDED_DSN,
    Arguments,
    Subcommand,
    a_folder,
    option,
    print_json,
    with_password,
)
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import BadInput, ConsoleError


class Parser(argparse.ArgumentParser):
    """Says in two lines what is wrong with what was typed and what to do; the exit code is 2."""

    def error(self, message: str) -> NoReturn:
        words = message[:1].upper() + message[1:].rstrip(".")
        self.exit(2, f"{words}.\nTo see what it takes: {self.prog} --help\n")


MODE = option(
    "--mode",
    choices=tuple(Mode),
    help="what stands before the database: nothing (direct), a session pooler, or a transaction pooler",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; return the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except ConsoleError as error:
        print(str(error), file=sys.stderr)
        print(error.hint or "Run hotmess-console doctor to see how this machine is set up.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing more was changed.\nRun the same command again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 141
    return code


def _parser() -> argparse.ArgumentParser:
    parser = Parser("hotmess-console", description="Support, moderation, safety and billing for HOTMESS.")
    top = parser.add_subparsers(metavar="COMMAND", required=True)
    groups: dict[str, Any] = {}
    for entry in TABLE:
        if len(entry.words) == 1:
            added = top.add_parser(entry.words[0], help=entry.summary, description=entry.summary)
        else:
            group, word = entry.words
            if group not in groups:
                groups[group] = top.add_parser(group, help=GROUPS[group]).add_subparsers(metavar="WHAT", required=True)
            added = groups[group].add_parser(word, help=entry.summary, description=entry.summary)
        for each in entry.options:
            added.add_argument(*each.names, **each.settings)
        added.set_defaults(run=entry.run)
    return parser


def progress(words: str) -> None:
    """Say on standard error what long work is doing."""
    print(f"{words} …", file=sys.stderr, flush=True)


def _run(arguments: Arguments) -> int:
    dsn, mode = _server(arguments)
    if not dsn:
        raise BadInput("There is no server to sign in to.", hint="Give --dsn …, or try: hotmess-console demo")
    _need_display()
    signed = with_password(dsn)
    return window.run_window(desk(signed, profile=arguments.profile, mode=mode), window.server_data(signed))


def _server(arguments: Arguments) -> tuple[str, Mode]:
    """Return where to sign in and how: as given, else as this workstation's settings say."""
    from hotmess_console.adapters.settings_file import SettingsFile

    kept = SettingsFile().load().preferences.server
    dsn = arguments.dsn or kept.dsn
    return dsn, Mode(arguments.mode or (Mode.DIRECT if arguments.dsn else kept.mode))


def _open(arguments: Arguments) -> int:
    number = case_number(arguments.case)
    dsn, mode = ("", Mode.DIRECT) if arguments.folder else _server(arguments)
    data = window.server_data(dsn) if dsn else window.demo_data(arguments.folder)
    asked = window.ask_window(data, number)
    if asked is not None:
        return asked
    if not dsn and not demo_desk.is_there(arguments.folder):
        where = f"in {arguments.folder}" if arguments.folder else "here"
        raise BadInput(
            f"No window is open {where}, and there is no demo to open HM-{number} in.",
            hint="Give --dsn … or the demo's --folder DIR, or begin a demo: hotmess-console demo",
        )
    _need_display()
    console = desk(with_password(dsn), profile="", mode=mode) if dsn else _demo_console(arguments)
    return window.run_window(console, data, case=number)


def case_number(text: str) -> int:
    """Return the number in ``HM-10482``, ``hm10482`` or ``10482``. Raises BadInput."""
    digits = text.strip().upper().removeprefix("HM").removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise BadInput(f"“{text[:40]}” is no case number.", hint="Case numbers look like HM-10482.")
    return int(digits)


def _demo(arguments: Arguments) -> int:
    demo_desk.check_login(arguments.login)
    if arguments.tour is None and _has_display():
        return window.run_window(_demo_console(arguments), window.demo_data(arguments.folder), reset=arguments.reset)
    if arguments.tour is None:
        progress("There is no display, so the tour runs instead of the window")
    from hotmess_console.app.tour import run_tour

    return run_tour(
        arguments.tour or Path("tour"),
        folder=arguments.folder,
        size=arguments.size,
        reset=arguments.reset,
        login=arguments.login,
        tell=progress,
    )


def _demo_console(arguments: Arguments) -> Any:
    return demo_desk.demo(
        arguments.folder,
        size=getattr(arguments, "size", demo_desk.SIZE),
        reset=getattr(arguments, "reset", False),
        login=getattr(arguments, "login", demo_desk.AGENT),
        progress=progress,
    )


def demo_size(text: str) -> int:
    """Return how many tickets a demo is to start with. Raises ArgumentTypeError in words."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or not 1 <= int(digits[:9]) <= demo_desk.MOST:
        raise argparse.ArgumentTypeError(f"a demo starts with 1 to {demo_desk.MOST:,} tickets, not “{text[:40]}”")
    return int(digits)


def _has_display() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _need_display() -> None:
    if not _has_display():
        raise BadInput(
            "There is no display to show a window on.",
            hint="Run this in a desktop session, or see: hotmess-console demo",
        )


def _db_install(arguments: Arguments) -> int:
    from hotmess_console.adapters.store.install import install

    done = install(with_password(arguments.dsn), progress=progress)
    if arguments.json:
        print_json({"revision": done.revision, "go_live": done.go_live, "bindings": _bindings(done.bindings)})
        return 0
    print(f"The console is installed at revision {done.revision}.")
    print(f"Tickets from {done.go_live:%d %B %Y, %H:%M %Z} on become cases; older ones are history until adopted.")
    _print_bindings(done.bindings)
    return 0


def _db_check(arguments: Arguments) -> int:
    from hotmess_console.adapters.store.install import check
    from hotmess_console.app import doctor

    found = check(with_password(arguments.dsn))
    trouble = doctor.troubles(found)
    if arguments.json:
        print_json(
            {
                "revision": found.revision,
                "newest": found.newest,
                "go_live": found.go_live,
                "server_version": found.server_version,
                "true_clock": found.true_clock,
                "open_cases": found.open_cases,
                "bindings": _bindings(found.bindings),
                "trouble": [t.words for t in trouble],
                "reached_through_public": _reached(found.reached),
            }
        )
    else:
        print(
            f"Postgres {found.server_version // 10000}, console revision {found.revision or 'none'} of {found.newest}."
        )
        _print_bindings(found.bindings)
        for each in trouble:
            print(f"! {each.words}\n  {each.hint}")
        for line in doctor.reach_lines(found.reached):
            print(line)
    return 1 if trouble else 0


def _import_tickets(arguments: Arguments) -> int:
    from hotmess_console.app import imports

    result = imports.import_tickets(
        arguments.file,
        dsn=with_password(arguments.dsn) if arguments.dsn else None,
        folder=arguments.folder,
        tell=progress,
    )
    if arguments.json:
        print_json(
            {
                "rows": result.rows,
                "added": result.added,
                "known": result.known,
                "bad": [{"line": b.line, "reason": b.reason} for b in result.bad],
            }
        )
    else:
        for bad in result.bad:
            print(f"line {bad.line}: {bad.reason}")
        print(f"{result.added} added, {result.known} were there already, {len(result.bad)} could not be taken.")
    return 1 if result.bad else 0


def _doctor(arguments: Arguments) -> int:
    from hotmess_console.app import doctor

    findings = doctor.examine(
        dsn=with_password(arguments.dsn) if arguments.dsn else None,
        folder=arguments.folder,
        mode=Mode(arguments.mode or Mode.DIRECT),
    )
    if arguments.json:
        print_json([{"what": f.what, "ok": f.ok, "words": f.words, "hint": f.hint} for f in findings])
    else:
        width = max(len(f.what) for f in findings)
        for finding in findings:
            print(f"{'ok ' if finding.ok else '!  '} {finding.what:<{width}}  {finding.words}")
            if finding.hint and not finding.ok:
                print(f"    {'':<{width}}  {finding.hint}")
    return 0 if all(f.ok for f in findings) else 1


def _version(arguments: Arguments) -> int:
    print_json({"version": __version__}) if arguments.json else print(f"hotmess-console {__version__}")
    return 0


def _bindings(bindings: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "concept": b.concept,
            "variant": b.variant,
            "relations": list(b.relations),
            "enforceable": str(b.enforceable),
            "note": b.note,
        }
        for b in bindings
    ]


def _reached(findings: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"gravity": f.gravity.name.lower(), "what": f.what, "why": f.why, "run": f.run} for f in findings]


def _print_bindings(bindings: Sequence[Any]) -> None:
    width = max((len(b.concept) for b in bindings), default=0)
    for b in bindings:
        print(f"  {b.concept:<{width}}  {str(b.enforceable).replace('_', ' '):<8}  {b.variant}")


GROUPS = {
    "db": "install, upgrade or check the console's schemas",
    "import": "bring tickets in from files",
    "audit": "verify, anchor or export the sealed audit",
    "staff": "who sits at the desk: done at once as the installer, asked for as a manager",
}
SIZE = option(
    "--size",
    type=demo_size,
    default=demo_desk.SIZE,
    metavar="N",
    help="how many tickets a new or reset demo starts with",
)
TABLE = (
    Subcommand(
        ("run",),
        "open the window on a server",
        _run,
        (
            DSN,
            MODE,
            option(
                "--profile",
                default="",
                choices=("demo", "staging", "production"),
                help="which server this is; the window shows it",
            ),
        ),
    ),
    Subcommand(
        ("demo",),
        "open the window on a small invented platform of its own",
        _demo,
        (
            SIZE,
            option("--reset", action="store_true", help="throw the demo's data away first"),
            option("--tour", type=a_folder, metavar="DIR", help="drive the window by itself and write pictures to DIR"),
            option("--login", default=demo_desk.AGENT, help="which colleague sits down"),
            FOLDER,
        ),
    ),
    Subcommand(("db", "install"), "install the console beside a platform", _db_install, (NEEDED_DSN, JSON)),
    Subcommand(("db", "upgrade"), "bring an installation to this program's revision", _db_install, (NEEDED_DSN, JSON)),
    Subcommand(("db", "check"), "say what is installed, bound and enforceable", _db_check, (NEEDED_DSN, JSON)),
    Subcommand(
        ("import", "tickets"),
        "open a case for each row of a CSV file",
        _import_tickets,
        (option("file", type=Path, metavar="FILE.csv"), DSN, FOLDER, JSON),
    ),
    *audit_lines.LINES,
    *staff_lines.LINES,
    Subcommand(("open",), "open the window at a case", _open, (option("case", metavar="HM-…"), DSN, MODE, FOLDER)),
    Subcommand(("doctor",), "examine this machine and its installation", _doctor, (DSN, MODE, FOLDER, JSON)),
    Subcommand(("version",), "print the version", _version, (JSON,)),
)
