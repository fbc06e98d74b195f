"""Garbage is collected between tests, in the thread that runs them.

Left to Python, any thread may collect: that of xdist, of a server, of a pool. Widgets of an earlier test that lie in a
reference cycle are then destroyed outside the GUI thread, and the next event that Qt delivers takes the worker down.
"""

from __future__ import annotations

import gc

import pytest


def pytest_configure() -> None:
    """Take collecting away from whichever thread happens to allocate."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish() -> None:
    """Collect what is due."""
    from hotmess_console.ui.tidying import collect_due

    collect_due()
