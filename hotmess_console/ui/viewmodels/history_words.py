"""What happened on a case, in words: one line for each command that anybody can give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.countdown import span_words
from hotmess_console.domain.policy.escalation import CRITERIA, NAME_OF
from hotmess_console.domain.safe_text import clean_line
from hotmess_console.domain.threads import Happening, Pause
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CommandId, Level, Login
from hotmess_console.ui.viewmodels import when

DIGEST = "sha256:"
"""How the record keeps a text of more than 200 characters: only its fingerprint."""
_CRITERION = {c.id: c.words for c in CRITERIA}
_SHORTEST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event; `struck` when it was taken back. `tone` is neutral, gold, warn, ok, danger or info."""

    icon: str
    title: str
    detail: str
    time: str
    tone: str = "neutral"
    struck: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """An event before its actor and time are added."""

    icon: str
    title: str
    detail: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words depend on: who is who, when it is read, and the other events that an undo may mean."""

    staff: Staff
    me: Login
    now: datetime
    zone: ZoneInfo
    others: Mapping[CommandId, Happening] = field(default_factory=dict)

    def name(self, login: object) -> str:
        """Return "you" or a colleague's name."""
        return "you" if login == self.me else self.staff.name(Login(str(login)) if login else None)

    def moment(self, value: object) -> str:
        """Return a stored moment in words; nothing when it cannot be read."""
        try:
            return when.short(datetime.fromisoformat(str(value)), self.now, self.zone)
        except ValueError:
            return ""


def words_of(happening: Happening, teller: Teller) -> HistoryLine:
    """Return the line for one command; one that is not known yet is shown by its own name."""
    tell = WORDS.get(happening.name)
    told = tell(happening, teller) if tell else _unknown(happening)
    who = "" if happening.name in AUTOMATIC else _capital(_actor(happening, teller))
    detail = " · ".join(filter(None, (who, told.detail, "taken back" if happening.undone else "")))
    return HistoryLine(
        told.icon,
        clean_line(told.title, 120),
        clean_line(detail, 300),
        when.short(happening.at, teller.now, teller.zone),
        told.tone,
        happening.undone,
        happening.at,
    )


def _actor(happening: Happening, teller: Teller) -> str:
    """Who did it; what is run from a terminal may be run by a login that was never at the desk."""
    if happening.name in FROM_A_TERMINAL and teller.staff.get(happening.actor) is None:
        return "whoever runs the console"
    return teller.name(happening.actor)


def lines_of(detail: TicketDetail, *, staff: Staff, me: Login, now: datetime, zone: ZoneInfo) -> list[HistoryLine]:
    """Return the history of a ticket, the newest first: its opening, every command, and each pause of the clock."""
    teller = Teller(staff, me, now, zone, {h.command: h for h in detail.history})
    lines = [words_of(h, teller) for h in detail.history]
    lines += [line for pause in detail.pauses for line in _pause_lines(pause, teller)]
    opened = detail.ticket.opened_at
    about = f"As {detail.ticket.category.value}" if not detail.history else ""
    lines.append(HistoryLine("inbox", "Opened", about, when.short(opened, now, zone), at=opened))
    return sorted(lines, key=lambda line: line.at or now, reverse=True)


def _pause_lines(pause: Pause, teller: Teller) -> list[HistoryLine]:
    if pause.until_at is None:
        time = when.short(pause.from_at, teller.now, teller.zone)
        return [HistoryLine("pause", "Clock paused", "Waiting for an answer", time, at=pause.from_at)]
    stood = pause.until_at - pause.from_at
    if stood < _SHORTEST_PAUSE:
        return []
    time = when.short(pause.until_at, teller.now, teller.zone)
    return [HistoryLine("play", "Clock ran again", f"It stood still for {span_words(stood)}", time, at=pause.until_at)]


def _plain(icon: str, title: str, tone: str = "neutral") -> Callable[[Happening, Teller], _Told]:
    return lambda happening, teller: _Told(icon, title, tone=tone)


def _assigned(h: Happening, teller: Teller) -> _Told:
    to = h.params.get("to")
    return _Told("user-check", f"Assigned to {teller.name(to)}") if to else _Told("user-x", "Given back to the queue")


def _category(h: Happening, teller: Teller) -> _Told:
    return _Told("tag", f"Category: {_title(h.params.get('category'))}", _was(h.prior, "category"))


def _priority(h: Happening, teller: Teller) -> _Told:
    return _Told("arrow-up-down", f"Priority: {_title(h.params.get('priority'))}", _was(h.prior, "priority"))


def _escalated(h: Happening, teller: Teller) -> _Told:
    criterion = _CRITERION.get(str(h.params.get("criterion")), "")
    why = ": ".join(filter(None, (criterion, _reason(h.params))))
    return _Told("arrow-big-up", f"Escalated to {_level(h.params)}", why, "warn")


def _returned(h: Happening, teller: Teller) -> _Told:
    return _Told("arrow-down", f"Handed back to {_level(h.params)}", _reason(h.params))


def _snoozed(h: Happening, teller: Teller) -> _Told:
    return _Told("moon", f"Snoozed until {teller.moment(h.params.get('until'))}".removesuffix(" until "))


def _linked(h: Happening, teller: Teller) -> _Told:
    return _Told("link", "Linked with another case" if h.params.get("linked", True) else "Link taken away")


def _replied(h: Happening, teller: Teller) -> _Told:
    then = {"waiting_response": " and waiting", "resolved": " and resolved"}.get(str(h.params.get("then")), "")
    id = str(h.params.get("template") or "").replace("-", " ")
    template = clean_line(str(h.params.get("template_name") or id[:1].upper() + id[1:]), 60)
    return _Told("send", f"Replied{then}", f"Template: {template}" if template else "", "ok")


def _took_back(h: Happening, teller: Teller) -> _Told:
    wanted = str(h.params.get("taken_back"))
    meant = next((other for id, other in teller.others.items() if str(id) == wanted), None)
    if meant is None or meant.name == h.name:
        return _Told("undo-2", "Taken back")
    return _Told("undo-2", "Taken back", words_of(meant, teller).title)


def _drained(h: Happening, teller: Teller) -> _Told:
    if not h.prior or h.prior.get("status") in (None, "open", "in_progress"):
        return _Told("mail", "New message")
    status = {"waiting_response": "waiting", "resolved": "resolved", "closed": "closed"}.get(str(h.prior["status"]), "")
    return _Told("mail", "New message or change on the platform", f"It was {status} before" if status else "")


def _unknown(h: Happening) -> _Told:
    area, _, verb = h.name.partition(".")
    return _Told("history", " ".join(f"{area}: {verb}".replace("_", " ").split()).capitalize())


WORDS: dict[str, Callable[[Happening, Teller], _Told]] = {
    "ticket.claim": _plain("user-check", "Claimed"),
    "ticket.assign": _assigned,
    "ticket.set_category": _category,
    "ticket.set_priority": _priority,
    "ticket.escalate": _escalated,
    "ticket.return_to_level": _returned,
    "ticket.danger": _plain("triangle-alert", "Immediate danger: to level 3, management", "danger"),
    "ticket.no_danger": _plain("circle-check", "Looked at: nobody is in danger"),
    "ticket.wait": _plain("pause", "Waiting for the user"),
    "ticket.resume": _plain("play", "Taken up again"),
    "ticket.resolve": _plain("circle-check", "Resolved", "ok"),
    "ticket.reopen": _plain("refresh-cw", "Reopened", "warn"),
    "ticket.close": _plain("archive", "Closed"),
    "ticket.snooze": _snoozed,
    "ticket.wake": _plain("sun", "Snooze ended"),
    "ticket.merge": _plain("merge", "Merged into another case"),
    "ticket.link": _linked,
    "ticket.set_address": _plain("mail", "Address added"),
    "ticket.reply": _replied,
    "note.add": _plain("sticky-note", "Note written", "gold"),
    "message.send_again": _plain("send", "Sent again"),
    "command.undo": _took_back,
    "intake.drain": _drained,
    "intake.reconcile": _plain("refresh-cw", "Matched with the platform"),
    "history.adopt": _plain("history", "Taken over from before the console"),
    "case.open": _plain("plus", "Opened by hand"),
    "setting.ask": _plain("settings", "Setting asked for"),
    "limit.ask": _plain("settings", "Limit asked for"),
    "staff.add": _plain("user-plus", "Colleague added"),
    "staff.grant": _plain("user-plus", "Role asked for"),
    "staff.revoke": _plain("user-x", "Role taken away"),
    "staff.disable": _plain("user-x", "Colleague shut out"),
    "staff.reset_password": _plain("lock", "Password set anew"),
    "staff.confirm": _plain("circle-check", "Confirmed by a second manager"),
    "staff.decline": _plain("x", "Declined by a second manager"),
    "setting.change": _plain("settings", "Setting changed"),
    "template.save": _plain("file-text", "Template saved"),
    "template.retire": _plain("archive", "Template retired"),
    "view.save": _plain("save", "View saved"),
    "view.rename": _plain("pencil", "View renamed"),
    "view.drop": _plain("trash-2", "View deleted"),
    "notice.see": _plain("bell", "Notice seen"),
    "demo.seed": _plain("database", "Made up by the demo"),
    "demo.notes": _plain("database", "Notes made up by the demo"),
    "install.run": _plain("database", "Database installed or brought up to date"),
    "import.tickets": _plain("upload", "Imported from a file"),
}
"""Every command by its name, whether or not it can stand in the history of a case today."""
AUTOMATIC = frozenset({"intake.drain", "intake.reconcile", "demo.seed"})
"""Commands that nobody at the desk gives: whose login happened to run them says nothing."""
FROM_A_TERMINAL = frozenset({"import.tickets", "history.adopt"})
"""Commands that the operator gives, with the login that the console was installed with."""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _title(value: object) -> str:
    return clean_line(str(value or "not given").replace("_", " "), 40).capitalize()


def _was(prior: Mapping[str, Any], key: str) -> str:
    return f"Was {clean_line(str(prior[key]), 40)}" if prior.get(key) else ""


def _level(params: Mapping[str, Any]) -> str:
    try:
        level = Level(int(params.get("to", 0)))
    except (TypeError, ValueError):
        return "another level"
    return f"level {int(level)}, {NAME_OF[level].lower()}"


def _reason(params: Mapping[str, Any]) -> str:
    reason = str(params.get("reason") or "").strip()
    return "A reason too long for the record" if reason.startswith(DIGEST) else clean_line(reason, 200).rstrip(".")
