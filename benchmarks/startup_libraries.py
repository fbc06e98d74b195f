"""Which modules of other people a process has imported: what the floor of a start has to import as well."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable

OURS = frozenset({"hotmess_console", "benchmarks", "tests", "__main__", "__mp_main__"})


def third_party() -> list[str]:
    """Return the imported modules that are neither the standard library's nor ours, in the order of their import."""
    return [name for name in sys.modules if _top(name) not in OURS and _top(name) not in sys.stdlib_module_names]


def import_exactly(names: Iterable[str]) -> None:
    """Import these. Raises RuntimeError when that brought more or less of other people's modules than were named."""
    wanted = set(names)
    for name in names:
        if name not in sys.modules:
            try:
                importlib.import_module(name)
            except ImportError:
                continue  # made by its parent, which is in the list too; the comparison below tells if it was not
    found = set(third_party())
    if found != wanted:
        raise RuntimeError(f"more than the console: {sorted(found - wanted)}; less: {sorted(wanted - found)}")


def _top(name: str) -> str:
    return name.partition(".")[0]
