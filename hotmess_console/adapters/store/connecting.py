"""Trying a connection and naming what is wrong with it, from the name of the host to the notifications that arrive."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from uuid import uuid4

import psycopg

from hotmess_console.adapters.store.dsn import places_of, read, secured
from hotmess_console.adapters.store.tls_probe import examine_tls
from hotmess_console.domain.connections import Mode, same_login
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.policy.connection_faults import Fault, told
from hotmess_console.domain.policy.connections import Endpoint, abilities, is_local

PATIENCE_S = 5.0
_ARRIVES_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Tried:
    """How trying went: the fault and its words, or neither; `words` then say what works."""

    fault: Fault | None
    words: str
    hint: str = ""
    driver: str = ""
    """What the driver or the system said itself, in one line."""


class _Wrong(Exception):
    """A fault was found; `what` it is about."""

    def __init__(self, fault: Fault, what: str, driver: str = "") -> None:
        super().__init__(fault)
        self.tried = Tried(fault, *_words(fault, what), driver)


def _words(fault: Fault, what: str) -> tuple[str, str]:
    found = told(fault, what)
    return found.words, found.hint


def try_connection(dsn: str, mode: Mode = Mode.DIRECT, *, patience_s: float = PATIENCE_S) -> Tried:
    """Go the whole way that a console goes, and say where it ends. Changes nothing; waits `patience_s` for each answer.

    To be called off the GUI thread. Never raises for what is wrong with the connection.
    """
    try:
        safe = secured(dsn)
        _reach(safe, patience_s)
        with _sign_in(safe, mode, patience_s) as conn:
            _same_login(conn, safe)
            _installed(conn)
            if abilities(mode).listens:
                _listens(conn, safe)
    except BadInput as error:
        fault = Fault.NO_CA_FILE if isinstance(error.__cause__, OSError) else Fault.WEAK
        return Tried(fault, str(error), error.hint)
    except _Wrong as wrong:
        return wrong.tried
    except psycopg.Error as error:
        return Tried(Fault.OTHER, *_words(Fault.OTHER, _where(dsn)), _one_line(error))
    extra = abilities(mode).words
    return Tried(None, "The connection works" + (f"; {extra}." if extra else "."))


def _where(dsn: str) -> str:
    return ", ".join(place.words for place in places_of(dsn) if place.words)


def _reach(safe: str, patience_s: float) -> None:
    """Find, call and examine each host that is not a socket. Raises _Wrong unless one of them will do."""
    wrong: _Wrong | None = None
    ports = read(safe).get("port", "5432").split(",")
    for number, place in enumerate(places_of(safe)):
        if (place.address or place.host).startswith(("/", "@")) or not (place.address or place.host):
            return
        port = int(ports[number if len(ports) > 1 else 0] or 5432)
        try:
            _call(place, port, _ca(safe, is_local(place)), patience_s)
        except _Wrong as error:
            wrong = wrong or error
        else:
            return
    if wrong is not None:
        raise wrong


def _ca(safe: str, local: bool) -> str:
    """Return the file of the authority, empty where nobody asks for proof."""
    known = read(safe)
    return known.get("sslrootcert", "") if not local or known.get("sslmode") == "verify-full" else ""


def _call(place: Endpoint, port: int, ca: str, patience_s: float) -> None:
    name, address = place.host or place.address, place.address or place.host
    try:
        with socket.create_connection((address, port), timeout=patience_s) as line:
            fault = examine_tls(line, name, ca) if ca else None
    except socket.gaierror as error:
        raise _Wrong(Fault.NO_NAME, name, _one_line(error)) from error
    except ConnectionRefusedError as error:
        raise _Wrong(Fault.REFUSED, f"{name}, port {port},", _one_line(error)) from error
    except OSError as error:
        raise _Wrong(Fault.SILENT, name, _one_line(error)) from error
    if fault is not None:
        raise _Wrong(fault, ca if fault is Fault.NO_CA_FILE else name)


def _sign_in(safe: str, mode: Mode, patience_s: float) -> psycopg.Connection[tuple[object, ...]]:
    prepare = 5 if abilities(mode).prepares else None
    try:
        return psycopg.connect(safe, autocommit=True, connect_timeout=ceil(patience_s), prepare_threshold=prepare)
    except psycopg.Error as error:
        known, said = read(safe), _one_line(error)
        fault = _refusal(said)
        what = known.get("dbname", "") if fault is Fault.NO_DATABASE else known.get("user", "")
        raise _Wrong(fault, _where(safe) if fault is Fault.OTHER else what, said) from error


def _refusal(said: str) -> Fault:
    """The protocol's code does not get past libpq while it connects, so the words have to be looked at."""
    lower = said.lower()
    if "no such user" in lower or "user not found" in lower:
        return Fault.UNKNOWN_TO_POOLER
    if "authentication failed" in lower or "no password" in lower or ("role" in lower and "does not exist" in lower):
        return Fault.PASSWORD
    if "no such database" in lower or ("database" in lower and "does not exist" in lower):
        return Fault.NO_DATABASE
    return Fault.OTHER


def _same_login(conn: psycopg.Connection[tuple[object, ...]], safe: str) -> None:
    [(found,)] = conn.execute("SELECT session_user").fetchall()
    if not same_login(read(safe).get("user") or conn.info.user, str(found)):
        raise _Wrong(Fault.OTHER_LOGIN, str(found))


def _installed(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    [(there,)] = conn.execute("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'console')").fetchall()
    if not there:
        raise _Wrong(Fault.NOT_INSTALLED, conn.info.dbname)


def _listens(conn: psycopg.Connection[tuple[object, ...]], safe: str) -> None:
    """Tell oneself something over a second connection: only where each has a server process of its own it arrives."""
    channel = f"console_try_{uuid4().hex}"
    conn.execute(f'LISTEN "{channel}"')
    try:
        with psycopg.connect(safe, autocommit=True, connect_timeout=ceil(PATIENCE_S)) as other:
            other.execute("SELECT pg_notify(%s, '')", (channel,), prepare=False)
        if not list(conn.notifies(timeout=_ARRIVES_WITHIN_S, stop_after=1)):
            raise _Wrong(Fault.CANNOT_LISTEN, _where(safe))
    finally:
        with suppress(psycopg.Error):
            conn.execute("UNLISTEN *")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
