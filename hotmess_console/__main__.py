"""``python -m hotmess_console`` and the installed program."""

from __future__ import annotations

from hotmess_console.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    raise SystemExit(main())
