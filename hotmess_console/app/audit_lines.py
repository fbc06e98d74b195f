"""The lines `audit verify`, `audit anchor` and `audit export` of the command line."""

from __future__ import annotations

from pathlib import Path

from hotmess_console.app.subcommands import (
    DSN,
    FOLDER,
    JSON,
    Arguments,
    Subcommand,
    option,
    print_json,
    with_password,
)
from hotmess_console.domain.errors import BadInput


def _verify(arguments: Arguments) -> int:
    from hotmess_console.app import audit

    _check_signer(arguments)
    outside, head, finding = audit.verify(*_audit_of(arguments), arguments.anchor)
    if arguments.json:
        broken = None
        if finding is not None:
            broken = {"fault": finding.fault, "seq": finding.seq, "entry": finding.entry, "words": finding.words}
        print_json({"seals": head.seq, "hash": head.hash.hex(), "compared": outside, "broken": broken})
    else:
        print("\n".join(audit.verdict(outside, head, finding)))
    return 0 if finding is None else 1


def _check_signer(arguments: Arguments) -> None:
    from hotmess_console.adapters.workstation.anchors import check_signature

    asked = (arguments.signers, arguments.signer)
    if asked == (None, None):
        return
    if None in asked or arguments.anchor is None:
        raise BadInput("A signature needs three things.", hint="Give --anchor FILE --signers FILE --signer NAME.")
    check_signature(arguments.anchor, *asked)


def _anchor(arguments: Arguments) -> int:
    from hotmess_console.app import audit

    head = audit.anchor(_audit_of(arguments)[0], arguments.to, arguments.key)
    print(f"Seal {head.words} is anchored in {arguments.to}.")
    print("Keep that file where whoever runs the database cannot change it.")
    return 0


def _export(arguments: Arguments) -> int:
    from hotmess_console.app import audit

    start, end = audit.instant(arguments.start), audit.instant(arguments.end)
    count = audit.export(_audit_of(arguments)[0], start, end, arguments.out, arguments.key)
    print(f"{count:,} sealed entries are in {arguments.out}.")
    print(f"To check them without the console: python3 resources/verify_audit.py {arguments.out}")
    return 0


def _audit_of(arguments: Arguments) -> tuple[str, bool]:
    """Return the connection, and whether this computer remembers heads of it: a demo is thrown away now and then."""
    if arguments.dsn:
        return with_password(arguments.dsn), True
    from hotmess_console.adapters.store.demo import attach_owner

    running = attach_owner(arguments.folder)
    if running is None:
        raise BadInput("There is no server to ask.", hint="Give --dsn …, or start: hotmess-console demo")
    return running, False


KEY = option("--key", type=Path, metavar="KEY", help="sign with this SSH key, as ssh-keygen -Y sign does")
LINES = (
    Subcommand(
        ("audit", "verify"),
        "check that the audit is whole, and name the first entry that is not",
        _verify,
        (
            option("--anchor", type=Path, metavar="FILE", help="heads that were kept elsewhere"),
            option(
                "--signers", type=Path, metavar="FILE", help="allowed signers of that file, as ssh-keygen takes them"
            ),
            option("--signer", metavar="NAME", help="whose signature it has to be"),
            DSN,
            FOLDER,
            JSON,
        ),
    ),
    Subcommand(
        ("audit", "anchor"),
        "append the newest seal to a file that is kept elsewhere",
        _anchor,
        (option("--to", type=Path, required=True, metavar="FILE", help="the file"), KEY, DSN, FOLDER),
    ),
    Subcommand(
        ("audit", "export"),
        "write what was sealed in a time to one file",
        _export,
        (
            option("--from", dest="start", required=True, metavar="DATE", help="from this day or instant on"),
            option("--to", dest="end", required=True, metavar="DATE", help="before this day or instant"),
            option("--out", type=Path, required=True, metavar="FILE", help="the file, which must not be there yet"),
            KEY,
            DSN,
            FOLDER,
        ),
    ),
)
