"""The tour: the main job of an agent on the real window, by keys only, each effect checked by a second connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hotmess_console.domain.errors import ConsoleError, SetupError
from hotmess_console.services.touring import Witness
from hotmess_console.ui.robot import Robot
from hotmess_console.ui.shell import Shell

TRIAGED = 10


@dataclass(slots=True)
class Tour:
    """One run of the tour; `checks` counts what held, `failures` says what did not."""

    shell: Shell
    robot: Robot
    witness: Witness
    tell: Callable[[str], None]
    checks: int = 0
    failures: list[str] = field(default_factory=list)

    async def run(self) -> int:
        """Walk all steps; return 0 only if every check held."""
        steps: tuple[Callable[[], Awaitable[None]], ...] = (
            self.start,
            self.bring_tickets,
            self.triage,
            self.reply_from_template,
            self.undo_reply,
            self.send,
            self.send_and_wait,
            self.escalate,
            self.note,
            self.resolve,
            self.search,
            self.guarded,
            self.find_anything,
            self.themes,
        )
        for step in steps:
            self.tell(step.__name__.replace("_", " ").capitalize())
            try:
                await step()
            except ConsoleError as error:
                self.failures.append(f"{step.__name__}: {error}")
                await self.robot.picture(f"failed-{step.__name__}")
                break
        return self._verdict()

    def _verdict(self) -> int:
        for failure in self.failures:
            self.tell(f"FAILED {failure}")
        self.tell(f"{self.checks} checks held, {len(self.failures)} failed")
        return 1 if self.failures or not self.checks else 0

    def check(self, holds: bool, what: str) -> None:
        """Count a check; remember it when it failed."""
        if holds:
            self.checks += 1
        else:
            self.failures.append(what)

    async def expect(self, what: str, wanted: object, statement: str, *values: object) -> None:
        """Wait until `statement`, asked by the second connection, answers `wanted`, and count it."""
        try:
            await self.robot.until(lambda: self.witness.one(statement, *values) == wanted, what)
        except SetupError:
            self.check(False, f"{what}: {self.witness.one(statement, *values)!r} instead of {wanted!r}")
        else:
            self.check(True, what)

    async def view(self, name: str) -> None:
        """Go to one of the saved views by the palette, and wait for its cases."""
        await self.robot.press("Escape", "Ctrl+K")
        await self.robot.type(name)
        await self.robot.breathe(0.5)
        await self.robot.press("Return")
        await self.robot.breathe(0.8)

    def current(self) -> int:
        """Return the number of the case under the cursor. Raises SetupError when there is none."""
        case = self.shell.context().current
        if case is None:
            raise SetupError("No case is open where the tour expects one.", hint="Look at the last picture.")
        return case.number

    # ── the steps ──

    async def start(self) -> None:
        """The desk opens on my queue, or where there is work when mine is empty, painted, with the keyboard in it."""
        await self.robot.until(lambda: self.shell.parts is not None, "the desk to open")
        mine = "SELECT count(*) FROM console.cases WHERE queued AND assignee = %s"
        if not self.witness.one(mine, self.shell.me.login):
            await self.robot.breathe(1.0)
            await self.view("Unassigned")
        await self.robot.until(lambda: self.shell.context().current is not None, "the first case to be shown")
        await self.robot.breathe(1.0)
        await self.robot.picture("my-queue")
        self.check(self.shell.context().current is not None, "a case is open at the start")

    async def bring_tickets(self) -> None:
        """A real file of tickets goes in while the window watches."""
        rows = await self.witness.bring_tickets()
        await self.expect(
            "every row of the file became a case", rows, "SELECT count(*) FROM console.cases WHERE source = 'import'"
        )
        self.check(
            self.witness.one(
                "SELECT count(*) FROM console.deliveries d JOIN console.cases c ON c.id = d.case_id "
                "WHERE c.source = 'import'"
            )
            == 0,
            "an import writes to nobody",
        )
        await self.view("Unassigned")
        await self.robot.breathe(1.2)
        await self.robot.picture("imported")

    async def triage(self) -> None:
        """Ten tickets, one key each; the next one is there before the hand has moved. Safety's are not for agents."""
        await self.open("category:feedback unassigned")
        mine = "SELECT count(*) FROM console.cases WHERE assignee = %s AND status = 'in_progress'"
        before = self.witness.one(mine, self.shell.me.login)
        for _ in range(TRIAGED):
            await self.robot.breathe(0.35)  # a key within 250 ms of a changed case is ignored, as it should be
            await self.robot.press("C")
        await self.expect("ten tickets are claimed", before + TRIAGED, mine, self.shell.me.login)
        self.check(
            self.witness.one("SELECT count(*) FROM console.commands WHERE name = 'ticket.claim'") == TRIAGED,
            "each claim is a recorded command",
        )
        await self.robot.picture("triaged")

    async def reply_from_template(self) -> None:
        """R, T, the resolution template, its one empty place filled, sent and held."""
        await self.open("category:billing unassigned due:3h")
        await self.robot.press("T")
        await self.robot.breathe(0.4)
        await self.robot.type("Resolution")
        await self.robot.breathe(0.3)
        await self.robot.picture("template-picker")
        await self.robot.press("Return")
        await self.robot.breathe(0.4)
        await self.robot.picture("unfilled")
        number = self.current()
        await self.robot.press("Ctrl+Return")
        await self.robot.breathe(0.5)
        self.check(self.sent(number) == 0, "an unfilled placeholder blocks sending")
        await self.robot.press("Tab")
        await self.robot.type("We found the double charge and returned it today.")
        await self.robot.breathe(0.4)
        await self.robot.picture("ready")
        await self.robot.press("Ctrl+Return")
        await self.expect("the reply is held", "held", _LATEST_DELIVERY, number)
        self.check(
            "returned it today" in str(self.witness.one(_PLATFORM_REPLY, number)),
            "the platform's own row carries the reply",
        )
        await self.robot.picture("held")

    async def undo_reply(self) -> None:
        """Z takes the reply back: nothing leaves, the platform's row is as it was."""
        number = self.witness.one("SELECT number FROM console.cases WHERE id = (%s)", self._last_case("ticket.reply"))
        await self.robot.press("Escape", "Z")
        await self.expect("the reply is taken back", "cancelled", _LATEST_DELIVERY, number)
        self.check(self.witness.one(_PLATFORM_REPLY, number) is None, "the platform's row is as it was before")
        await self.robot.breathe(0.6)
        await self.robot.picture("undone")

    async def send(self) -> None:
        """A reply that is not taken back leaves by real SMTP."""
        letters = len(self.witness.letters())
        number = await self.write(
            "category:technical unassigned due:20h", "Thank you for writing. We look into it now."
        )
        await self.robot.press("Ctrl+Return")
        await self.expect("the reply has left", "sent", _LATEST_DELIVERY, number)
        arrived = self.witness.letters()[letters:]
        self.check(
            any(f"HM-{number}" in letter for letter in arrived), "the mail server has the letter with its number"
        )
        await self.robot.picture("sent")

    async def send_and_wait(self) -> None:
        """Send and wait: the clock stands still until the person answers."""
        number = await self.write("category:general unassigned due:20h", "Could you tell us which event you mean?")
        await self.robot.press("Alt+Return")
        await self.expect("the case waits for the person", "waiting_response", _STATUS, number)
        self.check(
            self.witness.one(
                "SELECT paused_at IS NOT NULL AND due_at IS NULL FROM console.cases WHERE number = %s", number
            )
            is True,
            "its clock stands still",
        )
        await self.robot.breathe(0.5)
        await self.robot.picture("waiting")

    async def escalate(self) -> None:
        """E, a reason of the manual's, one sentence: level 2, and its people are told."""
        await self.open("level:1 unassigned due:3h")
        number = self.current()
        await self.robot.press("E")
        await self.robot.breathe(0.4)
        await self.robot.press("1")
        await self.robot.type("The bank disputes the charge and wants papers")
        await self.robot.breathe(0.3)
        await self.robot.picture("escalating")
        await self.robot.press("Return")
        await self.expect("the case is at level 2", 2, "SELECT level FROM console.cases WHERE number = %s", number)
        self.check(
            self.witness.one(
                "SELECT count(*) > 0 FROM console.notices n JOIN console.cases c ON c.id = n.case_id "
                "WHERE c.number = %s AND n.kind = 'escalated'",
                number,
            )
            is True,
            "the seniors are told",
        )

    async def note(self) -> None:
        """N: an internal note with a mention; nothing of it reaches the platform."""
        await self.open("mine status:progress")
        number = self.current()
        await self.robot.press("N")
        await self.robot.type("Second report this week, @mehreen knows the first one.")
        await self.robot.press("Ctrl+Return")
        notes = (
            "SELECT count(*) FROM console.notes n JOIN console.cases c ON c.id = n.case_id "
            "WHERE c.number = %s AND n.body LIKE 'Second report%%'"
        )
        await self.expect("the note is kept", 1, notes, number)
        self.check(
            self.witness.one("SELECT count(*) FROM public.ticket_responses WHERE message LIKE 'Second report%'") == 0,
            "the platform never sees a note",
        )
        await self.robot.breathe(0.5)
        await self.robot.picture("noted")

    async def resolve(self) -> None:
        """Send and resolve: answered, finished, out of the queue."""
        number = await self.write(
            "category:billing unassigned due:3h", "This is put right. Thank you for your patience."
        )
        await self.robot.press("Ctrl+Shift+Return")
        await self.expect("the case is resolved", "resolved", _STATUS, number)
        self.check(
            self.witness.one(
                "SELECT t.resolved_at IS NOT NULL FROM public.support_tickets t "
                "JOIN console.tickets c ON c.platform_id = t.id "
                "JOIN console.cases k ON k.id = c.case_id WHERE k.number = %s",
                number,
            )
            is True,
            "the platform's row is resolved too",
        )
        await self.robot.picture("resolved")

    async def search(self) -> None:
        """/ and some words: found in any text of any case."""
        await self.open("refund")
        await self.robot.picture("search")
        self.check(self.shell.context().current is not None, "a search finds cases")
        await self.clear_filter()

    async def guarded(self) -> None:
        """A safety ticket: the agent sees subject, clock and level, is told why, and claims nothing."""
        await self.open("category:safety unassigned")
        number = self.current()
        held = "SELECT guarded AND assignee IS NULL FROM console.cases WHERE number = %s"
        await self.expect("the ticket is guarded", True, held, number)
        await self.robot.press("C")
        await self.robot.breathe(0.6)
        await self.expect("an agent does not claim it", True, held, number)
        detail = self.shell.context().detail
        self.check(detail is not None and not detail.messages, "not a word of it reaches the window")
        await self.robot.picture("guarded")
        await self.clear_filter()

    async def find_anything(self) -> None:
        """The palette and the cheat sheet come from the same list of actions as the keys."""
        await self.robot.press("Ctrl+K")
        await self.robot.type("assi")
        await self.robot.breathe(0.6)
        await self.robot.picture("palette")
        await self.robot.press("Escape")
        await self.robot.breathe(0.3)
        await self.robot.press("Escape", "?")
        await self.robot.breathe(0.5)
        await self.robot.picture("cheat-sheet")
        await self.robot.press("Escape")
        await self.robot.breathe(0.3)

    async def themes(self) -> None:
        """A case with its thread and its person, in light and in high contrast, and with names masked."""
        await self.open("category:billing due:20h")
        detail = self.shell.context().detail
        self.check(detail is not None and bool(detail.messages), "a case with words in it is open")
        for _ in range(3):
            await self.robot.press("Ctrl+Shift+L")
            await self.robot.breathe(0.5)
            await self.robot.picture("theme")
        await self.robot.press("Ctrl+Shift+M")
        await self.robot.breathe(0.5)
        await self.robot.picture("masked")
        await self.robot.press("Ctrl+Shift+M")

    # ── hands ──

    async def open(self, filter: str) -> None:
        """Narrow the team's queue to `filter` and stand on its first case."""
        await self.view("Team")
        await self.clear_filter()
        await self.robot.press("/")
        await self.robot.type(filter)
        await self.robot.press("Return")
        await self.robot.breathe(1.0)
        await self.robot.press("Escape")
        await self.robot.until(lambda: self.shell.context().current is not None, f"a case that matches “{filter}”")
        await self.robot.breathe(0.5)

    async def clear_filter(self) -> None:
        """Empty the filter field."""
        await self.robot.press("Escape", "/", "Ctrl+A", "Backspace")
        for _ in range(6):
            await self.robot.press("Backspace")
        await self.robot.press("Escape")
        await self.robot.breathe(0.4)

    async def write(self, filter: str, words: str) -> int:
        """Open a case that matches, write a reply to it; return its number."""
        await self.open(filter)
        number = self.current()
        await self.robot.press("R")
        await self.robot.breathe(0.3)
        await self.robot.type(words)
        await self.robot.breathe(0.4)
        return number

    def sent(self, number: int) -> int:
        """Return how many replies of ours a case has in the ledger."""
        return int(
            self.witness.one(
                "SELECT count(*) FROM console.messages m JOIN console.cases c ON c.id = m.case_id "
                "WHERE c.number = %s AND m.command_id IN (SELECT id FROM console.commands WHERE name = 'ticket.reply')",
                number,
            )
        )

    def _last_case(self, name: str) -> object:
        return self.witness.one(
            "SELECT p.case_id FROM console.command_cases p JOIN console.commands c ON c.id = p.command_id "
            "WHERE c.name = %s ORDER BY c.at DESC LIMIT 1",
            name,
        )


_STATUS = "SELECT status FROM console.cases WHERE number = %s"
_LATEST_DELIVERY = (
    "SELECT d.state FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id "
    "JOIN console.cases c ON c.id = m.case_id WHERE c.number = %s ORDER BY m.at DESC LIMIT 1"
)
_PLATFORM_REPLY = (
    "SELECT t.admin_response FROM public.support_tickets t JOIN console.tickets c ON c.platform_id = t.id "
    "JOIN console.cases k ON k.id = c.case_id WHERE k.number = %s"
)
