"""Heads of the audit kept in a file outside of the database, and the signature over that file."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from hotmess_console.domain.audit import Head
from hotmess_console.domain.errors import BadInput, SetupError

NAMESPACE = "hotmess-console-audit"
"""What a signature is for, so that one made for something else does not count."""


def append_anchor(path: Path, head: Head, database: str) -> None:
    """Add one line to the file, which is made where it is missing. Raises SetupError."""
    line = {"seq": head.seq, "hash": head.hash.hex(), "at": datetime.now(UTC).isoformat(), "database": database}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SetupError(
            f"The anchor cannot be written to {path} ({error.strerror or error}).", hint="Choose another file."
        ) from error


def read_anchors(path: Path) -> dict[int, bytes]:
    """Return the hash of each anchored seal. Raises BadInput for a file that is none, or contradicts itself."""
    found: dict[int, bytes] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The anchor file {path} cannot be read: {error}.", hint="Check its name and rights.") from error
    for number, line in enumerate(lines, start=1):
        try:
            anchor = json.loads(line)
            seq, hash_ = int(anchor["seq"]), bytes.fromhex(anchor["hash"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"Line {number} of {path} is no anchor.", hint="Use the file as it was written.") from error
        if found.setdefault(seq, hash_) != hash_:
            raise BadInput(
                f"{path} has two different heads for seal {seq:,}.",
                hint="The audit was rewritten between them, or the file holds anchors of two databases.",
            )
    if not found:
        raise BadInput(f"There is no anchor in {path}.", hint="Make one: hotmess-console audit anchor --to FILE")
    return found


def sign(content: bytes, key: Path) -> str:
    """Return the signature of `content` by a private key, or by the agent that holds it. Raises SetupError."""
    return _run(["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)], content)


def sign_file(path: Path, key: Path) -> Path:
    """Write the signature of `path` beside it, whole or not at all; return where. Raises SetupError."""
    beside = path.with_name(path.name + ".sig")
    draft = path.with_name(path.name + ".sig.new")
    try:
        draft.write_text(sign(path.read_bytes(), key), encoding="ascii")
        os.replace(draft, beside)
    except OSError as error:
        raise SetupError(f"The signature cannot be written: {error}.", hint="Choose another file.") from error
    return beside


def check_signature(path: Path, signers: Path, signer: str) -> None:
    """Check that the signature beside `path` is that of `signer`, whose key is in `signers`. Raises BadInput."""
    beside = path.with_name(path.name + ".sig")
    if not beside.exists():
        raise BadInput(f"{path} is not signed.", hint="Sign it when it is anchored: audit anchor --key KEY")
    command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", str(signers), "-I", signer, "-s", str(beside)]
    done = _answer(command, path.read_bytes())
    if done.returncode != 0:
        raise BadInput(
            f"The signature of {path} is not that of {signer} over this file.",
            hint="Somebody changed the file, or its newest lines were added without the key. Compare it with a copy.",
        )


def _run(command: list[str], content: bytes) -> str:
    done = _answer(command, content)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SetupError(
            f"ssh-keygen could not sign: {said[-1] if said else 'no reason given'}.",
            hint="Name a private key that you can use, such as ~/.ssh/id_ed25519.",
        )
    return done.stdout.decode("ascii")


def _answer(command: list[str], content: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, input=content, capture_output=True, timeout=120, check=False)  # may ask a person
    except FileNotFoundError as error:
        raise SetupError("The program ssh-keygen is missing.", hint="Install OpenSSH's client.") from error
    except subprocess.TimeoutExpired as error:
        raise SetupError("ssh-keygen did not answer.", hint="Unlock the key, for instance with ssh-add.") from error
