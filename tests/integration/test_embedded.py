"""The local server works and lets nobody in who should stay out."""

from __future__ import annotations

import psycopg
import pytest

from hotmess_console.adapters.store.embedded import Server

pytestmark = pytest.mark.foundation


def test_the_cluster_takes_connections_as_its_superuser(cluster: Server) -> None:
    with psycopg.connect(cluster.conninfo("postgres")) as connection:
        row = connection.execute("select current_user, current_setting('server_encoding')").fetchone()
    assert row == ("console_root", "UTF8")
