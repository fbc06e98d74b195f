"""Failures that a person can understand. Everything else is a bug."""

from __future__ import annotations


class ConsoleError(Exception):
    """A failure to show: what happened and what it means, then what to do next (`hint`)."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class StateError(ConsoleError):
    """The thing is no longer in the state that the action needs."""


class StaleError(StateError):
    """Somebody else changed the case since it was read."""


class NotAllowed(ConsoleError):
    """The person's role does not include this."""


class NotFound(ConsoleError):
    """There is no such thing, or this person may not see it."""


class BadInput(ConsoleError):
    """What was typed or loaded cannot be used as it stands."""


class Unreachable(ConsoleError):
    """The server cannot be reached, or refused the connection."""


class SetupError(ConsoleError):
    """The installation cannot be used as it is."""
