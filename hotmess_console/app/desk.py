"""Sitting down at a desk: sign in, listen, drain, send."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotmess_console.services.console import Console, Listener, OpenConsole
    from hotmess_console.services.queries import Queries
    from hotmess_console.services.sending import Mailer


def desk(conninfo: str, *, profile: str, mailer: Mailer | None = None) -> OpenConsole:
    """Return what signs in with `conninfo` and starts what runs behind the window.

    The returned coroutine runs on the I/O thread and raises ConsoleError in words when the desk cannot be opened.
    """

    async def open_console(listener: Listener) -> Console:
        import asyncio

        from hotmess_console.adapters.store.changes import Changes
        from hotmess_console.adapters.store.engine import open_engine
        from hotmess_console.adapters.store.ledger import PostgresLedger
        from hotmess_console.adapters.store.queries import PostgresQueries
        from hotmess_console.adapters.store.work import work_opener
        from hotmess_console.domain.values import Permission
        from hotmess_console.services.bus import Bus
        from hotmess_console.services.console import Console
        from hotmess_console.services.sending import Dispatcher
        from hotmess_console.services.troubles import Troubles
        from hotmess_console.services.watching import Watch

        engine = open_engine(conninfo)
        queries = PostgresQueries(engine)
        me = await queries.me()
        bus = Bus(me.roles, work_opener(engine, me.login))
        bus.subscribe(listener.on_event)
        troubles = Troubles(listener.on_sending)
        work: list[Coroutine[Any, Any, None]] = [
            Changes(conninfo, tell=listener.on_event, contact=listener.on_contact).run()
        ]
        if bus.allows(Permission.TICKET_WORK):
            work.append(Watch(bus, told=troubles.of("intake")).run())
            carrier = mailer or await _mailer(queries)
            if carrier is None:
                troubles.of("sending")("Nobody is sending: no mail server is set.")
            else:
                work.append(Dispatcher(PostgresLedger(engine), carrier, told=troubles.of("sending")).run())
        tasks = [asyncio.ensure_future(running) for running in work]

        async def close() -> None:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await engine.dispose()

        return Console(me, bus, queries, close, profile)

    return open_console


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
