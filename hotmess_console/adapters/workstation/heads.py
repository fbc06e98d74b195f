"""The newest head of the audit that this computer saw, one small file for each server and database."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import platformdirs

from hotmess_console.domain.audit import Head
from hotmess_console.domain.errors import SetupError

LARGEST = 4_000
"""Bytes; a file with more is none of ours."""


def heads_folder() -> Path:
    """Return where this person's files lie."""
    return platformdirs.user_state_path("hotmess-console", appauthor=False) / "audit-heads"


class HeadFile:
    """A `Memory` for the database called `identity`. The file is written whole or not at all."""

    def __init__(self, identity: str, folder: Path | None = None) -> None:
        self._identity = identity
        name = sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self.path = (folder or heads_folder()) / f"{name}.json"

    def newest(self) -> Head | None:
        """Return the head that was remembered, None when none was. Raises SetupError for a file that says nothing."""
        try:
            with self.path.open("rb") as file:
                found = json.loads(file.read(LARGEST))
            return Head(int(found["seq"]), bytes.fromhex(found["hash"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SetupError(
                f"What this computer remembers of the audit cannot be read ({error}).",
                hint=f"Compare with another computer or an anchor file, then remove {self.path}.",
            ) from error

    def remember(self, head: Head) -> None:
        """Keep `head` in place of what was remembered. Raises SetupError."""
        content = json.dumps({"database": self._identity, "seq": head.seq, "hash": head.hash.hex()})
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile("w", encoding="utf-8", dir=self.path.parent, delete=False) as file:
                draft = Path(file.name)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.path)
        except OSError as error:
            raise SetupError(
                f"The newest seal of the audit cannot be remembered ({error.strerror or error}).",
                hint=f"Check that there is room and that you may write to {self.path.parent}.",
            ) from error
