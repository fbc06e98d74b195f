"""The look over a draft before it is sent: what stops it, what deserves a second look, what exactly would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hotmess_console.domain.risk import remarks
from hotmess_console.domain.tickets import Ticket, TicketDetail
from hotmess_console.domain.values import Permission
from hotmess_console.services.drafts import Draft, DraftKind
from hotmess_console.services.replies import LONGEST, mail_subject
from hotmess_console.ui.composer.check_line import Verdict, blocked, judged
from hotmess_console.ui.composer.files_row import size_words
from hotmess_console.ui.composer.placeholders import EmptySlot, empty_words, settle, unfit
from hotmess_console.ui.dialogs.send_preview import Outgoing
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.mask import Mask, mask_for

NO_ADDRESS = "No address: cannot be answered"


def way_out(reason: str) -> str:
    """Return what somebody can do who cannot answer for this `reason`."""
    note = "Write an internal note instead: N."
    return "“Add an address” gives it one: Shift+M. Or write an internal note: N." if reason == NO_ADDRESS else note


def unanswerable(detail: TicketDetail, host: Host) -> str:
    """Return why nobody can be answered here, or an empty text."""
    if detail.ticket.merged_into is not None:
        return "This case was merged into another one."
    if Permission.TICKET_REPLY not in host.context().permissions:
        return "Your role may read this case, not answer it."
    return "" if detail.ticket.reachable else NO_ADDRESS


def unwritable(detail: TicketDetail | None, kind: DraftKind, host: Host) -> str:
    """Return why nothing can be written of this kind, or an empty text."""
    if detail is None:
        return "No case is open."
    if kind is DraftKind.REPLY:
        return unanswerable(detail, host)
    return (
        "" if Permission.NOTE_WRITE in host.context().permissions else "Your role may read this case, not write on it."
    )


def judge(
    detail: TicketDetail | None, kind: DraftKind, draft: Draft, empty: Sequence[EmptySlot], host: Host
) -> Verdict:
    """Return what to say about `draft`; `empty` are the placeholders that still stand in it."""
    off = unwritable(detail, kind, host)
    if off or detail is None:
        return blocked(off, way_out(off) if detail and kind is DraftKind.REPLY else "")
    note = kind is DraftKind.NOTE
    if not draft.text.strip():
        return Verdict("Nothing written yet.", "", True, "pencil", "muted")
    if len(draft.text) > LONGEST:
        what = "note" if note else "reply"
        return blocked(f"The {what} is {len(draft.text):,} characters long; {LONGEST:,} are the most.", "Shorten it.")
    if empty and not note:
        return blocked(empty_words(empty, len(draft.slots)), "Tab fills it")
    if not note and (wrong := unfit(draft)):
        return blocked(str(wrong), wrong.hint)
    others = {m.author_name for m in detail.messages if m.incoming and m.author_name} - {detail.ticket.requester_name}
    found = () if note else remarks(draft.text, people=others, to=detail.ticket.requester_name)
    return judged(found, slots=len(draft.slots), note=note)


def mask_of(detail: TicketDetail | None, host: Host) -> Mask:
    """Return what hides the person of this case while the window is masked."""
    return mask_for(detail, host.masked) if detail else Mask("", None, host.masked)


def outgoing(ticket: Ticket, draft: Draft, settings: Mapping[str, object], verdict: Verdict, mask: Mask) -> Outgoing:
    """Return the message as it would leave now, the person hidden where the window is masked."""
    held = settings.get("messages.hold_seconds", 20)
    sender = f"{settings.get('mail.from_name', 'HOTMESS Support')} <{settings.get('mail.from_address', '')}>"
    return Outgoing(
        sender,
        f"{mask.shown_name} <{mask.shown_email}>",
        mask.text(mail_subject(ticket)),
        mask.text(settle(draft).text.strip()),
        tuple(f"{file.filename}, {size_words(len(file.content))}" for file in draft.files),
        held if isinstance(held, int) else 20,
        verdict.words if verdict.blocks else "",
    )
