"""Turn the database's errors into failures that a person can understand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as BusyPool

from hotmess_console.domain.errors import (
    BadInput,
    ConsoleError,
    NotAllowed,
    StaleError,
    StateError,
    Unreachable,
)


@contextmanager
def speaking() -> Iterator[None]:
    """Raise a ConsoleError with words in place of any database error inside this block."""
    try:
        yield
    except DBAPIError as wrapped:
        raise in_words(wrapped.orig if isinstance(wrapped.orig, Exception) else wrapped) from wrapped
    except psycopg.Error as error:
        raise in_words(error) from error
    except BusyPool as error:
        raise Unreachable(
            "All connections to the database are busy.", hint="Nothing was changed. Try again in a moment."
        ) from error
    except UnicodeEncodeError as error:
        raise BadInput(
            "This text has a character that is half of another one and cannot be kept.",
            hint="Nothing was changed. Remove the last emoji or sign and type it anew.",
        ) from error
    except OSError as error:
        raise Unreachable(
            "The database connection broke off.", hint="Nothing was changed. The console keeps trying."
        ) from error


def in_words(error: Exception) -> ConsoleError:
    """Return what to tell the person about a database error."""
    said = _first_line(error)
    match error:
        case pg.InvalidPassword() | pg.InvalidAuthorizationSpecification():
            return Unreachable("The database refused this login or its password.", hint="Check both and sign in again.")
        case pg.InsufficientPrivilege():
            return NotAllowed(
                f"The database does not allow this: {said}", hint="Ask a manager whether your role should."
            )
        case pg.LockNotAvailable() | pg.QueryCanceled():
            return StateError(
                "Somebody else is changing this at the moment.",
                hint="Nothing was changed. Try again in a moment.",
            )
        case pg.SerializationFailure() | pg.DeadlockDetected():
            return StaleError(
                "Somebody else changed this at the same time.", hint="It has been read again; try once more."
            )
        case pg.CheckViolation() | pg.NotNullViolation() | pg.StringDataRightTruncation() | pg.DataError():
            return BadInput(f"The database refused this: {said}", hint="Nothing was changed. Correct it and try again.")
        case pg.UniqueViolation() if error.diag.constraint_name == "commands_undoes_key":
            return StateError("This was already taken back.", hint="Nothing was changed. Refresh and look again.")
        case pg.UniqueViolation() | pg.ForeignKeyViolation():
            return StateError(f"This clashes with what is already there: {said}", hint="Refresh and look again.")
        case pg.UndefinedTable() | pg.InvalidSchemaName() | pg.UndefinedFunction():
            return Unreachable(
                "The console is not installed in this database, or is older than this program.",
                hint="Run: hotmess-console db install --dsn …",
            )
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return Unreachable(
                "The database cannot be reached.",
                hint=f"Nothing was changed. Check the connection. The driver says: {said}.",
            )
        case _:
            return ConsoleError(f"The database answered with an error: {said}", hint="Nothing was changed.")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
