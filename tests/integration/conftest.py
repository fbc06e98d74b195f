"""Desks behind TLS and poolers, on Debian's Postgres: made once for all tests of a process that ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.clusters import Template, short_folder, template_cluster

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desks import DeskDatabase
    from tests.poolers import SecureServer


@pytest.fixture(scope="session")
def tls_server() -> Iterator[SecureServer]:
    """A server with TLS on the loopback, whose name is proven by an authority of its own."""
    from tests.poolers import secure_server

    with secure_server() as server:
        yield server


@pytest.fixture(scope="session")
def tls_template(tls_server: SecureServer) -> str:
    """The name of a desk installed there, to copy from."""
    from tests.desks import make_template

    return make_template(tls_server.server)


@pytest.fixture
def tls_desk(tls_server: SecureServer, tls_template: str) -> Iterator[DeskDatabase]:
    """A fresh desk on that server; its own connections go through the socket, tests take theirs from a gate."""
    from tests.desks import copied

    with copied(tls_server.server, tls_template) as database:
        yield database


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    """A stopped cluster, to copy data folders from."""
    with template_cluster() as made:
        yield made


@pytest.fixture
def home(template: Template, base: Path) -> Path:
    """A data folder with a stopped cluster in it."""
    return template.copy_to(base / "pg")


@pytest.fixture
def base() -> Iterator[Path]:
    """An empty folder, short enough for sockets and open to the server's account."""
    with short_folder() as made:
        yield made
