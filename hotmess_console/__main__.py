"""``python -m hotmess_console`` and the installed program."""

from __future__ import annotations

from hotmess_console.adapters.workstation.cores import leave_no_core
from hotmess_console.cli import main as run

__all__ = ["main"]


def main() -> int:
    """Run one subcommand in a process that leaves no core file; return the exit code."""
    leave_no_core()
    return run()


if __name__ == "__main__":
    raise SystemExit(main())
