"""Fixtures that every kind of test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Before anything imports Qt: tests draw off screen unless somebody asks to watch.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hotmess_console.adapters.store.embedded import Server
from tests.clusters import throw_away_cluster

if TYPE_CHECKING:  # its imports are heavy, and tests of the window need none of them
    from tests.desks import Database, DeskDatabase


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """One Postgres per test process (roles are cluster-wide); CONSOLE_TEST_PG_BIN picks another version."""
    with throw_away_cluster() as server:
        yield server


@pytest.fixture(scope="session")
def pg_bin_dir(cluster: Server) -> Path:
    """Where psql and its siblings of the running cluster lie."""
    return cluster.bin_dir


@pytest.fixture(scope="session")
def desk_template(cluster: Server) -> str:
    """The name of one installed desk, which tests copy and nobody connects to."""
    from tests.desks import make_template

    return make_template(cluster)


@pytest.fixture
def desk_database(cluster: Server, desk_template: str) -> Iterator[DeskDatabase]:
    """A fresh desk: demo platform, console with a clock that tests may set, demo staff with known passwords."""
    from tests.desks import copied

    with copied(cluster, desk_template) as database:
        yield database


@pytest.fixture
def bare_database(cluster: Server) -> Iterator[Database]:
    """A fresh database with neither platform nor console in it."""
    from tests.desks import bare

    with bare(cluster) as database:
        yield database
