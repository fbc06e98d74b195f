"""What a draft becomes when it is sent, and what a sent message becomes when it is a draft again."""

from __future__ import annotations

from hotmess_console.domain.threads import Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import Status
from hotmess_console.services.drafts import Draft
from hotmess_console.services.replies import Reply
from hotmess_console.ui.composer.placeholders import settle
from hotmess_console.ui.errors import Notice


def reply_of(detail: TicketDetail, draft: Draft, then: Status) -> Reply:
    """Return the command that sends `draft` on the case as it is on screen."""
    return Reply(
        case=detail.ticket.ref,
        body=settle(draft).text.strip(),
        then=then,
        template=draft.template,
        template_version=draft.template_version,
        files=draft.files,
    )


def draft_of(message: Message) -> Draft:
    """Return the words of a message that was stopped; its files stay with the message in the thread."""
    return Draft(text=message.body, template=message.template)


def why_no_note(then: Status) -> Notice | None:
    """Return why a note cannot be what was pressed, None where it can."""
    if then is Status.IN_PROGRESS:
        return None
    wanted = "resolve the case" if then is Status.RESOLVED else "make the case wait for an answer"
    return Notice(
        f"A note is never sent, so it does not {wanted}.",
        "Ctrl+Enter keeps the note. The case itself is changed from the queue: Esc, then its own key.",
    )
