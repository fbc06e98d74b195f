"""A running demo: its server, the people who may sit down, and how they connect."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.domain.values import Login

DATABASE = "demo"
AGENT = Login("imani")


@dataclass(frozen=True, slots=True)
class DemoDesk:
    """A running demo: its server, the people who may sit down and their passwords."""

    postgres: EmbeddedPostgres
    server: Server
    passwords: dict[Login, str]

    @property
    def database(self) -> str:
        """The demo's database on its server."""
        return DATABASE

    def conninfo(self, login: Login) -> str:
        """Return the connection string of one member of staff."""
        return self.server.conninfo(DATABASE, user=login, password=self.passwords[login])

    def agent_conninfo(self) -> str:
        """Return the connection string of the first agent, as whom files are imported."""
        return self.conninfo(AGENT)

    def owner_conninfo(self) -> str:
        """Return the connection string of the installing login."""
        return self.server.conninfo(DATABASE)
