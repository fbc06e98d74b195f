"""Staff from the command line: at once as the installer, asked for as a manager; passwords shown once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.policy import role_changes
from hotmess_console.domain.staff import ChangeKind, NewPerson, Wish, handle_of, initials_of, roles_words

if TYPE_CHECKING:
    from hotmess_console.domain.people import Colleague, Staff
    from hotmess_console.domain.values import Login, Role
    from hotmess_console.services.staff import StaffCommand

Tell = Callable[[str], None]
_NO_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line was asked to do."""

    verb: str
    """add, list, grant, revoke, disable or reset-password."""
    dsn: str
    who: str = ""
    """A login or a handle; of a new colleague the name."""
    roles: tuple[str, ...] = ()
    handle: str = ""
    initials: str = ""
    email: str = ""
    password_file: Path | None = None


def listed(dsn: str) -> tuple[Colleague, ...]:
    """Return the directory. Raises ConsoleError."""
    from hotmess_console.adapters.store.staff import list_staff

    return list_staff(dsn)


def carry_out(request: Request, tell: Tell) -> None:
    """Do it, or ask for it where this login is not the installer's. Raises ConsoleError in words."""
    from hotmess_console.adapters.store.staff import administers
    from hotmess_console.domain.people import Staff

    roles = role_changes.check_roles(request.roles)
    with _kept_password(request) as hand_over:
        alone = administers(request.dsn)
        staff = Staff(listed(request.dsn))
        login = _added(request, staff) if request.verb == "add" else _known(staff, request.who).login
        password = hand_over.password
        if alone:
            _do(request, login, roles, password, staff)
            tell(_DONE[request.verb])
        else:
            tell(_ask(request.dsn, _command(request, login, roles, password)))
        hand_over.give(login)


_DONE = {
    "add": "Added. This login may install, so no second manager was needed.",
    "grant": "Granted. This login may install, so no second manager was needed.",
    "revoke": "Revoked, at once.",
    "disable": "Disabled: no role, no login, and every open connection ended.",
    "reset-password": "The password is new. Where the colleague was disabled, roles have to be granted again.",
}


def _added(request: Request, staff: Staff) -> Login:
    from hotmess_console.services.staff import new_login

    login = new_login()
    role_changes.check_new(login, _person(request), staff)
    return login


def _person(request: Request) -> NewPerson:
    name = " ".join(request.who.split())
    return NewPerson(
        name, request.handle or handle_of(name), request.initials or initials_of(name), request.email.strip()
    )


def _known(staff: Staff, who: str) -> Colleague:
    wanted = who.removeprefix("@").casefold()
    found = next((one for one in staff if wanted in (one.login, one.handle)), None)
    if found is None:
        raise BadInput(f"Nobody here has the login or handle “{who[:60]}”.", hint="See: hotmess-console staff list")
    return found


def _do(request: Request, login: Login, roles: Sequence[Role], password: str, staff: Staff) -> None:
    """As the installer: nobody has to confirm, since the first manager has to come from somewhere."""
    from hotmess_console.adapters.store import staff as store
    from hotmess_console.domain.people import Colleague

    match request.verb:
        case "add":
            person = _person(request)
            made = Colleague(login, person.name, person.handle, person.initials, frozenset(roles), person.email)
            store.add_everyone(request.dsn, [(made, password)])
        case "reset-password":
            store.set_password(request.dsn, login, password)
        case "disable":
            _check(Wish(_NO_ID, ChangeKind.DISABLE, login), staff)
            store.disable(request.dsn, login)
        case _:
            kind = ChangeKind.GRANT if request.verb == "grant" else ChangeKind.REVOKE
            for role in roles:
                _check(Wish(_NO_ID, kind, login, {"role": role.value}), staff)
                (store.give_role if kind is ChangeKind.GRANT else store.take_role)(request.dsn, login, role)


def _check(wish: Wish, staff: Staff) -> None:
    from hotmess_console.domain.values import Login

    role_changes.check_wish(wish, Login(""), staff)


def _command(request: Request, login: Login, roles: Sequence[Role], password: str) -> StaffCommand:
    """As a manager: the same command as from the window."""
    from hotmess_console.services import staff as commands

    match request.verb:
        case "add":
            return commands.AddColleague(login=login, person=_person(request), roles=tuple(roles), password=password)
        case "reset-password":
            return commands.NewPassword(login=login, password=password)
        case "disable":
            return commands.Disable(login=login)
        case "grant" if len(roles) == 1:
            return commands.GiveRole(login=login, role=roles[0])
        case "revoke" if len(roles) == 1:
            return commands.TakeRole(login=login, role=roles[0])
        case _:
            raise BadInput("One role at a time.", hint=f"You gave {roles_words([role.value for role in roles])}.")


def _ask(dsn: str, command: StaffCommand) -> str:
    import asyncio

    # psycopg refuses Windows' Proactor loop
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(_sent(dsn, command))


async def _sent(dsn: str, command: StaffCommand) -> str:
    from hotmess_console.adapters.store.engine import open_engine
    from hotmess_console.adapters.store.queries import PostgresQueries
    from hotmess_console.adapters.store.work import work_opener
    from hotmess_console.services.bus import Bus

    engine = open_engine(dsn, size=1)
    try:
        me = await PostgresQueries(engine).me()
        return (await Bus(me.roles, work_opener(engine, me.login)).execute(command)).words
    finally:
        await engine.dispose()


# ── passwords ──


@dataclass(slots=True)
class HandOver:
    """A password on its way to one pair of eyes: the terminal, or a file that only its owner reads."""

    password: str
    file: Path | None

    def give(self, login: str) -> None:
        """Show it, once."""
        if not self.password:
            return
        if self.file is None:
            print(f"Login:    {login}\nPassword: {self.password}\nIt is shown this once. Hand it over in person.")
        else:
            self.file.write_text(f"{login}\n{self.password}\n", encoding="utf-8")
            print(f"Login: {login}. The password is in {self.file}, for your eyes only; delete it once handed over.")


@contextmanager
def _kept_password(request: Request) -> Iterator[HandOver]:
    """Make the password, and the place for it before anything is changed: never into a pipe or a log."""
    if request.verb not in ("add", "reset-password"):
        yield HandOver("", None)
        return
    from hotmess_console.services.staff import new_password

    if request.password_file is None:
        if not sys.stdout.isatty():
            raise BadInput(
                "The password would go where others can read it: this is no terminal.",
                hint="Give --password-file FILE; it is made readable for you alone.",
            )
        yield HandOver(new_password(), None)
        return
    try:
        os.close(os.open(request.password_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BadInput(
            f"The password file cannot be made: {error.strerror}.", hint="Name a file that does not exist yet."
        ) from error
    try:
        yield HandOver(new_password(), request.password_file)
    except BaseException:
        request.password_file.unlink()
        raise
