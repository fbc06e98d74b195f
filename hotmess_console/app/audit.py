"""The audit on the command line: verify it, anchor its head outside, export it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotmess_console.domain.errors import BadInput

if TYPE_CHECKING:
    from hotmess_console.domain.audit import Finding, Head

FORMAT = "hotmess-console audit export 1"
NAMES = (
    "seq", "floor", "sealed_at", "entry", "at", "xact", "actor", "client", "command", "action", "relation", "subject",
    "case", "detail", "prev_hash", "hash",
)  # fmt: skip
NUMBERS = 6
"""How many of the names, from the first, are numbers."""
WHAT_NOW = {
    "unsealed": "If a console was open all the time, somebody changed the audit with a superuser's rights.",
    "": "Somebody changed the audit with a superuser's rights. Keep the database as it is, take a copy, and compare it "
    "with a backup from before this entry.",
}


def instant(text: str) -> datetime:
    """Return a date or a date with a time, UTC where no zone is given. Raises BadInput."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"“{text[:40]}” is no date.", hint="Write 2026-11-23 or 2026-11-23T18:00+00:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def verify(conninfo: str, memory: bool, anchor: Path | None) -> tuple[int, Head, Finding | None]:
    """Check the whole chain against itself, what this computer saw and an anchor file.

    Returns how many heads from outside it was compared with, the newest seal, and the first thing that is wrong.
    Without a finding this computer remembers the head.
    """
    from hotmess_console.adapters.store.audit import identity, reading
    from hotmess_console.adapters.workstation.anchors import read_anchors
    from hotmess_console.adapters.workstation.heads import HeadFile
    from hotmess_console.domain.audit import Checker

    known = read_anchors(anchor) if anchor else {}
    file = HeadFile(identity(conninfo)) if memory else None
    remembered = file.newest() if file else None
    if remembered is not None:
        known.setdefault(remembered.seq, remembered.hash)
        if known[remembered.seq] != remembered.hash:
            raise BadInput(
                f"The anchor file and this computer remember different seals {remembered.seq:,}.",
                hint="The audit was rewritten between them, or the file belongs to another database.",
            )
    known.pop(0, None)
    checker = Checker(known)
    with reading(conninfo) as audit:
        for record in audit.records(1, audit.head().seq):
            checker.take(record)
        finding = checker.finish() or audit.stray(checker)
    if file and finding is None and (remembered is None or checker.head.seq > remembered.seq):
        file.remember(checker.head)
    return len(known), checker.head, finding


def verdict(outside: int, head: Head, finding: Finding | None) -> list[str]:
    """Return what `audit verify` prints."""
    if finding is None:
        heads = "a head" if outside == 1 else f"{outside} heads"
        agreed = f"It agrees with {heads} kept outside." if outside else "No head was kept outside to compare it with."
        return [f"The audit is whole: {head.seq:,} sealed entries. {agreed}", f"Newest seal: {head.words}"]
    which = f", entry {finding.entry}" if finding.entry is not None else ""
    what_now = WHAT_NOW.get(finding.fault, WHAT_NOW[""])
    return [f"The audit is broken ({finding.fault}) at seal {finding.seq:,}{which}.", finding.words, what_now]


def anchor(conninfo: str, to: Path, key: Path | None) -> Head:
    """Append the newest seal to a file and sign the file with `key`, if one is given."""
    from hotmess_console.adapters.store.audit import identity, reading
    from hotmess_console.adapters.workstation.anchors import append_anchor, sign_file

    with reading(conninfo) as audit:
        head = audit.head()
    if head.seq == 0:
        raise BadInput("Nothing has been sealed yet.", hint="Open a console for a moment: it seals what waits.")
    append_anchor(to, head, identity(conninfo))
    if key is not None:
        sign_file(to, key)
    return head


def export(conninfo: str, start: datetime, end: datetime, to: Path, key: Path | None) -> int:
    """Write what was sealed in this time to one file, whole or not at all; return how many entries.

    With `key` its last line is a signature over all lines before.
    """
    from hotmess_console.adapters.store.audit import reading
    from hotmess_console.adapters.workstation.anchors import sign

    if end <= start:
        raise BadInput(
            "The export ends before it begins.", hint="Give the earlier moment with --from, the later one with --to."
        )
    if to.exists():
        raise BadInput(f"{to} is there already.", hint="Choose another name: an export is never written over.")
    draft = to.with_name(to.name + ".new")
    with reading(conninfo) as audit, draft.open("w", encoding="utf-8") as file:
        first, last = audit.between(start, end)
        header = {"format": FORMAT, "from": start.isoformat(), "to": end.isoformat(), "first": first, "last": last}
        for line in chain([header], _lines(audit.records(first, last))):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    if key is not None:
        signature = {"signature": sign(draft.read_bytes(), key)}
        with draft.open("a", encoding="utf-8") as file:
            file.write(json.dumps(signature) + "\n")
    os.replace(draft, to)
    return last - first + 1


def _lines(records: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    from hotmess_console.domain.audit import fields

    for record in records:
        found = fields(record)
        numbers = [None if f is None else int.from_bytes(f, "big", signed=True) for f in found[:NUMBERS]]
        texts = [None if f is None else f.decode() for f in found[NUMBERS:-2]]
        hashes = [f.hex() if f else "" for f in found[-2:]]
        yield dict(zip(NAMES, (*numbers, *texts, *hashes), strict=True))
