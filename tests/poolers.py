"""Real PgBouncers with TLS before a real Postgres with TLS, their certificates made by openssl when they are needed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg.conninfo import make_conninfo

from hotmess_console.adapters.store.embedded import Server
from hotmess_console.adapters.store.embedded_process import Account, run, server_account, spawn
from tests.clusters import short_folder

NAME = "db.console.test"
"""The name in the certificates. It needs no resolver: connections say where it is by hostaddr."""
DEBIAN = Path("/usr/lib/postgresql/15/bin")
SUPERUSER, SUPERUSER_PASSWORD = "root_of_tests", "only for tests: root"
_WITHIN = 15.0


@dataclass(frozen=True)
class Authority:
    """A certificate authority of its own in one folder."""

    folder: Path

    @property
    def file(self) -> Path:
        """Its certificate: what goes after sslrootcert=."""
        return self.folder / "ca.crt"

    def certify(self, stem: str, name: str = NAME, *, days: int = 30) -> tuple[Path, Path]:
        """A certificate and its key for `name`; with negative `days` it expired so many days ago."""
        key, request, made = (self.folder / f"{stem}.{end}" for end in ("key", "csr", "crt"))
        names = self.folder / f"{stem}.ext"
        names.write_text(f"subjectAltName=DNS:{name}\n")
        _openssl("req", "-new", *_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        _openssl(*_signing(self.folder, request, made, names, days))
        key.chmod(0o600)
        return made, key


_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _signing(folder: Path, request: Path, made: Path, names: Path, days: int) -> list[str | Path]:
    """`openssl ca` rather than `x509`: only that takes a day in the past on every version."""
    now = datetime.now(UTC)
    start, end = sorted((now - timedelta(days=abs(days) + 1), now + timedelta(days=days)))
    (folder / "index").write_text("")
    (folder / "openssl.cnf").write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index\nnew_certs_dir={folder}\nserial={folder}/serial\n"
        "default_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n"
    )
    return [
        "ca", "-batch", "-notext", "-create_serial", "-config", folder / "openssl.cnf",
        "-cert", folder / "ca.crt", "-keyfile", folder / "ca.key", "-in", request, "-out", made, "-extfile", names,
        "-startdate", f"{start:%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}",
    ]  # fmt: skip


def make_authority(folder: Path) -> Authority:
    """A fresh authority in `folder`, which is made."""
    folder.mkdir(mode=0o755)
    _openssl(
        "req", "-x509", *_KEY, "-keyout", folder / "ca.key", "-out", folder / "ca.crt", "-days", "30",
        "-subj", "/CN=Test authority",
    )  # fmt: skip
    return Authority(folder)


def _openssl(*words: str | Path) -> None:
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Gate:
    """Something that listens on the loopback with TLS: the server itself, or a pooler before it."""

    port: int
    ca: Path

    def conninfo(self, dbname: str, user: str, password: str, **more: str) -> str:
        """A connection string that has to prove the server, as for one that is far away."""
        parts = {
            "host": NAME,
            "hostaddr": "127.0.0.1",
            "port": str(self.port),
            "sslmode": "verify-full",
            "sslrootcert": str(self.ca),
            **more,
        }
        return make_conninfo(dbname=dbname, user=user, password=password, **parts)


@dataclass(frozen=True)
class SecureServer:
    """Debian's Postgres with TLS on the loopback and a socket for its superuser."""

    server: Server
    gate: Gate
    authority: Authority
    folder: Path


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def secure_server() -> Iterator[SecureServer]:
    """A running server of its own; stopped and removed at the end."""
    account = server_account()
    with short_folder() as base:
        authority = make_authority(base / "ca")
        cert, key = authority.certify("server")
        home = base / "pg"
        home.mkdir()
        password = base / "password"
        password.write_text(SUPERUSER_PASSWORD)
        _give(account, base / "pg", password, key)
        data = home / "data"
        initdb: list[str | Path] = [
            DEBIAN / "initdb", "-D", data, "-U", SUPERUSER, "--pwfile", password, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ]  # fmt: skip
        code, printed = run(initdb, account)
        assert code == 0, printed
        port = free_port()
        settings = (
            f"ssl_cert_file={cert}", f"ssl_key_file={key}", "ssl=on", "listen_addresses=127.0.0.1", "fsync=off",
            f"unix_socket_directories={home}", "jit=off", "max_connections=60", "synchronous_commit=off",
        )  # fmt: skip
        command: list[str | Path] = [
            DEBIAN / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            *(w for s in settings for w in ("-c", s)),
        ]
        with _running(command, account, base / "postgres.log", port, signal.SIGINT):
            _wait_until(lambda: _takes_logins(home, port), "the server to take logins")
            server = Server(str(home), port, SUPERUSER, SUPERUSER_PASSWORD, DEBIAN)
            yield SecureServer(server, Gate(port, authority.file), authority, base)


@contextmanager
def pooler(
    behind: SecureServer,
    pool_mode: str,
    *,
    certificate: tuple[Path, Path] | None = None,
    as_login: tuple[str, str] | None = None,
    known: Sequence[tuple[str, str]] = (),
    tls: bool = True,
) -> Iterator[Gate]:
    """A PgBouncer in `pool_mode` that asks Postgres for verifiers, so that logins pass through as themselves.

    `as_login` (with its password) makes it go on as somebody else; with `known` it asks nobody and knows only these.
    Without a `certificate` it has a good one, without `tls` it does not encrypt.
    """
    account = server_account()
    port = free_port()
    home = Path(tempfile.mkdtemp(prefix="bouncer-", dir=behind.folder))  # ports come again
    cert, key = certificate or behind.authority.certify(f"bouncer-{port}")
    users = home / "userlist.txt"
    listed = known or [(SUPERUSER, SUPERUSER_PASSWORD)]
    users.write_text("".join(f'"{login}" "{password}"\n' for login, password in listed))
    forced = f" user={as_login[0]} password='{as_login[1]}'" if as_login else ""
    asking = "" if known else (
        f"auth_user = {SUPERUSER}\nauth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1\n"
    )  # fmt: skip
    encrypts = "require" if tls else "disable"
    (home / "bouncer.ini").write_text(
        f"[databases]\n* = host={behind.server.host} port={behind.server.port}{forced}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\npool_mode = {pool_mode}\n"
        f"auth_type = scram-sha-256\nauth_file = {users}\n{asking}default_pool_size = 6\nserver_login_retry = 1\n"
        f"client_tls_sslmode = {encrypts}\nclient_tls_cert_file = {cert}\nclient_tls_key_file = {key}\n"
    )
    _give(account, home, home / "bouncer.ini", users, key)
    with _running(["/usr/sbin/pgbouncer", home / "bouncer.ini"], account, home / "log", port, signal.SIGTERM):
        yield Gate(port, behind.authority.file)


def _give(account: Account | None, *paths: Path) -> None:
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid)


@contextmanager
def _running(
    command: Sequence[str | Path], account: Account | None, log: Path, port: int, farewell: signal.Signals
) -> Iterator[None]:
    with log.open("wb") as output:
        child = spawn(command, account, output)
    try:
        _wait_until(lambda: child.poll() is not None or _listens(port), f"something to listen at {port}")
        assert child.poll() is None, log.read_text()
        yield
    finally:
        child.send_signal(farewell)
        try:
            child.wait(_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until(true: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + _WITHIN
    while not true():
        assert time.monotonic() < give_up_at, f"waited in vain for {what}"
        time.sleep(0.02)


def _takes_logins(folder: Path, port: int) -> bool:
    asked: list[str | Path] = [DEBIAN / "pg_isready", "-q", "-h", folder, "-p", str(port)]
    return subprocess.run(asked, check=False).returncode == 0


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
