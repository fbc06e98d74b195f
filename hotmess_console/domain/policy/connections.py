"""How a console may reach its database: when the server must prove who it is, and what each way can and cannot do.

Source: authority, "Who is who" and "Supabase facts"; decisions 6 and 32. Off this machine the server must show a
certificate for its own name, issued by the authority in the file that is given: sslmode=verify-full. Anything weaker
lets whoever sits in between read passwords and cases, so it is refused, and nothing lets it pass after all. A Unix
socket and the loopback address are excepted, since nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import BadInput

PROVEN = "verify-full"
POLL_SECONDS = 1.0
"""How often changes are asked for where nothing can tell of them."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a way to the database can do, and what the status bar says where that is less than usual."""

    listens: bool
    """A connection stays with one server process, so the database can tell of changes."""
    prepares: bool
    """Statements may be prepared on the server."""
    words: str = ""


_FULL = Abilities(listens=True, prepares=True)
_ABLE = {
    Mode.DIRECT: _FULL,
    Mode.SESSION: _FULL,
    Mode.TRANSACTION: Abilities(listens=False, prepares=False, words="changes are asked for every second"),
}


def abilities(mode: Mode) -> Abilities:
    """Return what `mode` can do."""
    return _ABLE[mode]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place that a connection string leads to. `host` is the name that is proven, `address` what is called."""

    host: str = ""
    address: str = ""

    @property
    def words(self) -> str:
        """Return it as a person may know it."""
        return self.host if not self.address or self.address == self.host else f"{self.host} ({self.address})".strip()


def endpoints(host: str, hostaddr: str) -> tuple[Endpoint, ...]:
    """Return the places that libpq's `host` and `hostaddr`, each a list with commas, lead to together."""
    return tuple(Endpoint(h, a) for h, a in zip_longest(host.split(","), hostaddr.split(","), fillvalue=""))


def is_local(place: Endpoint) -> bool:
    """Return whether everything about `place` stays on this machine: its name as well as its address."""
    return (not place.address or _is_loopback(place.address)) and _names_this_machine(place)


def _names_this_machine(place: Endpoint) -> bool:
    host = place.host
    if not host or host.startswith(("/", "@")):  # a socket; an empty one is libpq's own, or localhost on Windows
        return True
    return host.lower() == "localhost" or _is_loopback(host)


def _is_loopback(text: str) -> bool:
    from ipaddress import IPv6Address, ip_address  # only here: most consoles start on a socket

    # short forms such as 127.1 or 0x7f000001 mean what the system's library makes of them: not taken for loopback
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def check_transport(places: Sequence[Endpoint], sslmode: str, root_cert: str) -> None:
    """Raise BadInput unless each place that is not on this machine has to prove who it is.

    `sslmode` and `root_cert` are what was asked for, empty for nothing; whether the file can be read is not asked here.
    """
    far = next((place for place in places if not is_local(place)), None)
    if far is None:
        return
    if sslmode not in ("", PROVEN):
        raise BadInput(
            f"This connection to {far.words} asks for sslmode={sslmode}, which does not prove who answers: somebody in "
            "between could read passwords and cases, so the console does not connect.",
            hint=f"Write sslmode={PROVEN} and sslrootcert=FILE with the authority's certificate.",
        )
    if root_cert in ("", "system"):
        what = "names no file with" if not root_cert else "trusts every authority that this system knows, instead of"
        raise BadInput(
            f"This connection to {far.words} {what} the certificate of the authority that vouches for the server, so "
            "the console could not tell the server from somebody in between.",
            hint="Add sslrootcert=FILE; whoever runs the database has that file (Supabase: Database Settings, SSL).",
        )
