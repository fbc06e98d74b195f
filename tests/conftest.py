"""Fixtures that every kind of test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports Qt: tests draw off screen unless somebody asks to watch.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hotmess_console.adapters.store.embedded import Server
from tests.clusters import throw_away_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """One Postgres per test process (roles are cluster-wide); CONSOLE_TEST_PG_BIN picks another version."""
    with throw_away_cluster() as server:
        yield server


@pytest.fixture(scope="session")
def pg_bin_dir(cluster: Server) -> Path:
    """Where psql and its siblings of the running cluster lie."""
    return cluster.bin_dir
