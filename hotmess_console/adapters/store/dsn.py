"""Connection strings as people type them, made safe: no variable or file of the environment weakens them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.policy.connections import PROVEN, Endpoint, check_transport, endpoints, is_local

_WHERE = ("host", "hostaddr", "port")
_PROOF = {
    "sslmode": PROVEN,
    # Kerberos' own encryption would be preferred, and replaces TLS together with its proof
    "gssencmode": "disable",
    "ssl_min_protocol_version": "TLSv1.2",
}


def completed(dsn: str, *, ask: Callable[[str], str] | None) -> str:
    """Return `dsn` with a password from `ask` where neither it nor libpq's own places give one.

    Raises BadInput for a string that libpq cannot read, or that leads off this machine without proof (see `secured`):
    before a password is asked for.
    """
    known = conninfo_to_dict(secured(dsn))
    if ask is None or "password" in known or _libpq_knows():
        return dsn
    return make_conninfo(dsn, password=ask(f"Password of {known.get('user', 'this login')}: "))


def secured(dsn: str) -> str:
    """Return `dsn` with everything written out that decides who is spoken to, so that no variable or file changes it.

    Raises BadInput where it leads off this machine without sslmode=verify-full and a file of the authority that can be
    read. PGHOST, PGSERVICE and their like may say where to go; how the server proves itself is taken from `dsn` alone.
    """
    given = read(dsn)
    if given.get("service"):
        raise BadInput(
            f"This connection string leaves it to the service “{given['service'][:40]}” where it leads and whether the "
            "server must prove who it is. The console does not connect to what it cannot judge.",
            hint=f"Write it out instead: host=… dbname=… user=… sslmode={PROVEN} sslrootcert=FILE",
        )
    where = {name: value for name in _WHERE if (value := given.get(name) or _from_outside(name))}
    places = endpoints(where.get("host", ""), where.get("hostaddr", ""))
    check_transport(places, given.get("sslmode", ""), given.get("sslrootcert", ""))
    if all(is_local(place) for place in places):
        return make_conninfo(**{**where, **given})
    _readable(given["sslrootcert"])
    return make_conninfo(**{**given, **where, **_PROOF})


def places_of(dsn: str) -> tuple[Endpoint, ...]:
    """Return the places that a secured connection string leads to."""
    known = read(dsn)
    return endpoints(known.get("host", ""), known.get("hostaddr", ""))


def read(dsn: str) -> dict[str, str]:
    """Return the parts of `dsn`. Raises BadInput for a string that libpq cannot read."""
    try:
        found: Mapping[str, object] = conninfo_to_dict(dsn)
    except psycopg.Error as error:
        words = " ".join(str(error).split())
        raise BadInput(f"This connection string cannot be read: {words}", hint="Try host=… dbname=… user=…") from error
    return {name: str(value) for name, value in found.items()}


def _from_outside(name: str) -> str:
    """Return what libpq would take from the environment or a service named there."""
    option = next(o for o in pq.Conninfo.get_defaults() if o.keyword == name.encode())
    return os.fsdecode(option.val) if option.val else ""


def _readable(path: str) -> None:
    try:
        with Path(path).open("rb") as file:
            file.read(1)
    except OSError as error:
        from hotmess_console.domain.policy.connection_faults import Fault, told

        fault = told(Fault.NO_CA_FILE, path)
        raise BadInput(fault.words, hint=fault.hint) from error


def _libpq_knows() -> bool:
    given = os.environ.get("PGPASSWORD") or os.environ.get("PGPASSFILE")
    return bool(given) or Path("~/.pgpass").expanduser().exists()
