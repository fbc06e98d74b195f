"""Messages of the open case that did not leave, or of which nobody knows whether they did."""

from __future__ import annotations

from hotmess_console.domain.threads import DeliveryState
from hotmess_console.domain.values import MessageId
from hotmess_console.ui.host import Context

STUCK = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})


def stuck_messages(context: Context) -> tuple[MessageId, ...]:
    """Return the messages of the open case that may be sent once more."""
    if context.detail is None:
        return ()
    messages = context.detail.messages
    return tuple(m.id for m in messages if m.delivery is not None and m.delivery.state in STUCK)
