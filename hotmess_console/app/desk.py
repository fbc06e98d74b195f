"""Sitting down at a desk: sign in, listen, drain, send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotmess_console.domain.connections import Mode

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from hotmess_console.adapters.store.engine import Engine
    from hotmess_console.domain.values import Login, Role
    from hotmess_console.services.bus import Bus
    from hotmess_console.services.console import Console, Listener, OpenConsole
    from hotmess_console.services.ports import OpenWork, Work
    from hotmess_console.services.queries import Queries
    from hotmess_console.services.sending import Mailer

    FindMailer = Callable[[Queries], Awaitable[Mailer | None]]

FIRST_PAGE_FIRST = 0.4
"""Seconds that what runs behind the window leaves to the first page; what happens in them is caught up with."""


def prepare() -> None:
    """Import what a desk is opened with: to be done while a server starts."""
    from hotmess_console.adapters.store import engine, queries, standing  # noqa: F401
    from hotmess_console.services import bus, console  # noqa: F401


def desk(conninfo: str, *, profile: str, mailer: FindMailer | None = None, mode: Mode = Mode.DIRECT) -> OpenConsole:
    """Return what signs in with `conninfo`, by way of `mode`, and starts what runs behind the window.

    The returned coroutine runs on the I/O thread and raises ConsoleError in words when the desk cannot be opened.
    `mailer` finds who carries letters, by default the server in the desk's settings.
    """

    async def open_console(listener: Listener) -> Console:
        import asyncio
        from functools import partial

        from hotmess_console.adapters.store.engine import close_engine, open_engine
        from hotmess_console.adapters.store.queries import PostgresQueries
        from hotmess_console.adapters.store.standing import meet
        from hotmess_console.services.console import Console

        engine = open_engine(conninfo, mode=mode)
        queries = PostgresQueries(engine)
        try:
            read_only = await meet(engine)
            me = await queries.me()
        except BaseException:
            await engine.dispose()
            raise
        bus = _bus(me.roles, partial(_open_work, engine, me.login), read_only)
        bus.subscribe(listener.on_event)
        hear = partial(_hear, conninfo, engine, listener, mode)
        carrier = None if read_only else mailer or _mailer
        seal = None if read_only else partial(_seal, engine, listener, conninfo if profile != "demo" else "")
        behind = asyncio.ensure_future(_behind(hear, seal, engine, listener, bus, queries, carrier))

        async def close() -> None:
            behind.cancel()
            await asyncio.gather(behind, return_exceptions=True)
            await close_engine(engine)

        return Console(me, bus, queries, close, profile, read_only)

    return open_console


def _bus(roles: frozenset[Role], open_work: OpenWork, read_only: str) -> Bus:
    """Return the door for writes, closed where this program must not write."""
    from hotmess_console.services.bus import Bus

    if not read_only:
        return Bus(roles, open_work)
    from hotmess_console.services.read_only import ReadOnlyBus

    return ReadOnlyBus(roles, open_work, read_only)


def _open_work(engine: Engine, me: Login) -> Work:
    """Begin what one command does; what that takes is imported with the first, since no page waits for it."""
    from hotmess_console.adapters.store.work import PostgresWork

    return PostgresWork(engine, me)


def _hear(conninfo: str, engine: Engine, listener: Listener, mode: Mode) -> Coroutine[Any, Any, None]:
    """Return what learns of changes: told of them, or asking where `mode` has no way to be told."""
    from hotmess_console.domain.policy.connections import abilities

    if abilities(mode).listens:
        from hotmess_console.adapters.store.changes import Changes

        return Changes(conninfo, tell=listener.on_event, contact=listener.on_contact, late=True).run()
    from hotmess_console.adapters.store.polling import Polling

    return Polling(engine, tell=listener.on_event, contact=listener.on_contact, late=True).run()


async def _behind(
    hear: Callable[[], Coroutine[Any, Any, None]],
    seal: Callable[[], Coroutine[Any, Any, None]] | None,
    engine: Engine,
    listener: Listener,
    bus: Bus,
    queries: Queries,
    mailer: FindMailer | None,
) -> None:
    """Hear, seal, drain and send until cancelled, once the first page had its time; without a `mailer` only hear."""
    import asyncio

    await asyncio.sleep(FIRST_PAGE_FIRST)
    from hotmess_console.domain.values import Permission
    from hotmess_console.services.troubles import Troubles
    from hotmess_console.services.watching import Watch

    work = [hear(), *([seal()] if seal is not None else [])]
    if mailer is not None and bus.allows(Permission.TICKET_WORK):
        troubles = Troubles(listener.on_sending)
        work.append(Watch(bus, told=troubles.of("intake")).run())
        work.append(_send(engine, queries, mailer, troubles.of("sending")))
    tasks = [asyncio.ensure_future(running) for running in work]
    place = asyncio.ensure_future(_keep_place(engine, listener, tasks))
    try:
        await asyncio.wait([place, *tasks])
    finally:
        for task in (place, *tasks):
            task.cancel()
        await asyncio.gather(place, *tasks, return_exceptions=True)


async def _keep_place(engine: Engine, listener: Listener, others: Sequence[Future[None]]) -> None:
    """Once this person was disabled, end what runs behind the window and every connection."""
    import asyncio

    from hotmess_console.adapters.store.presence import PostgresPlace
    from hotmess_console.services.console import Contact
    from hotmess_console.services.presence import DISABLED, Presence

    await Presence(PostgresPlace(engine)).run()
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await engine.dispose()
    listener.on_contact(Contact(False, DISABLED))


async def _seal(engine: Engine, listener: Listener, remembering: str) -> None:
    """Seal the audit until cancelled, and remember on this computer how far the database called `remembering` was."""
    from hotmess_console.adapters.store.audit import PostgresSeals, identity
    from hotmess_console.services.sealing import Sealer

    memory = None
    if remembering:  # a demo is thrown away now and then, which would look like a crime
        from hotmess_console.adapters.workstation.heads import HeadFile

        memory = HeadFile(identity(remembering))
    await Sealer(PostgresSeals(engine), listener.on_event, memory).run()


async def _send(engine: Engine, queries: Queries, mailer: FindMailer, told: Callable[[str], None]) -> None:
    """Send what is due until cancelled; say so where no mail server is set."""
    from hotmess_console.adapters.store.ledger import PostgresLedger
    from hotmess_console.domain.errors import ConsoleError
    from hotmess_console.services.sending import Dispatcher

    try:
        carrier = await mailer(queries)
    except ConsoleError as error:
        told(f"Nobody is sending: {error}")
        return
    if carrier is None:
        told("Nobody is sending: no mail server is set.")
        return
    await Dispatcher(PostgresLedger(engine), carrier, told=told).run()


async def _mailer(queries: Queries) -> Mailer | None:
    """Return a mailer for the server in the desk's settings, None where none is set."""
    from hotmess_console.adapters.mail.smtp import SmtpMailer, SmtpServer

    settings = await queries.settings()
    smtp = settings.get("mail.smtp")
    if not isinstance(smtp, dict) or not smtp.get("host"):
        return None
    return SmtpMailer(
        SmtpServer(
            str(smtp["host"]),
            int(smtp.get("port") or 587),
            bool(smtp.get("tls", True)),
            str(settings.get("mail.from_address") or ""),
            str(settings.get("mail.from_name") or ""),
        )
    )
