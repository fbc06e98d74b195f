"""Finding a person or a case by name, e-mail, handle, id or number, and going on from there."""

from __future__ import annotations

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Account
from hotmess_console.services.queries import Queries
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import Choose
from hotmess_console.ui.dialogs.merge import case_choice, find_cases
from hotmess_console.ui.dialogs.new_case import Recipient, open_new_case
from hotmess_console.ui.dialogs.search import Search
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.mask import shown_account

_NEW = "new case"


def account_choice(account: Account, masked: bool) -> Choice:
    """Return a person as a row of a list."""
    name, address = shown_account(account, masked)
    handle = f"  @{account.handle}" if account.handle and not masked else ""
    return Choice(account, f"{name}{handle}", address or "no address", "user", section="People")


async def find_anything(queries: Queries, text: str, *, masked: bool) -> list[Choice]:
    """Return people first, then cases, that hold `text`."""
    people = await queries.find_people(text, 8)
    cases = await find_cases(queries, text)
    found = [case_choice(case, "Cases", masked=masked) for case in cases]
    return [*(account_choice(a, masked) for a in people), *found]


async def find_person(host: Host) -> None:
    """Ask for a person or a case; open the case, or show what the person has with us."""

    async def look(text: str) -> list[Choice]:
        return await host.bridge.ask(lambda queries: find_anything(queries, text, masked=host.masked))

    hint = "Name, e-mail, @handle, id or HM number"
    found = await Search(host.window, "Find a person or a case", look, icon="user", hint=hint).open()
    if isinstance(found, Case):
        await host.open_case(found.id)
    elif isinstance(found, Account):
        await _show_person(host, found)


async def _show_person(host: Host, account: Account) -> None:
    email = account.email or ""
    cases = await host.bridge.ask(lambda queries: find_cases(queries, email)) if email else []
    name, address = shown_account(account, host.masked)
    fresh = Choice(_NEW, "New case for this person", address or "as a note: no address", "plus")
    rows = [*(case_choice(case, masked=host.masked) for case in cases[:8]), fresh]
    chosen = await Choose(host.window, name, rows, words=address or "No e-mail address is known.", icon="user").open()
    if isinstance(chosen, Case):
        await host.open_case(chosen.id)
    elif chosen == _NEW:
        await open_new_case(host, Recipient(email, account.display_name or "", account.id))
