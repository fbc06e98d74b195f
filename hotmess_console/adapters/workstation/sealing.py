"""Sealing what is kept on this computer: encrypted, and bound to where it stands and to how often it was written.

AES-256-GCM (NIST SP 800-38D) with a random nonce a record. The place, the row's id and its counter are associated data:
a record that was put elsewhere, or an older one in the place of a newer, does not open.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256

from hotmess_console.domain.errors import ConsoleError

KEY_BYTES = 32
_NONCE_BYTES = 12


class Altered(ConsoleError):
    """A record is not the one that was written there, or the key is not the one that it was written with."""


class Sealer:
    """Seals and opens the records of one file. Three keys are derived from the one that the keyring holds."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._cipher = AESGCM(_derived(key, "records"))
        self._names = _derived(key, "names")
        self._marks = _derived(key, "marks")

    def id_of(self, place: str, name: str) -> bytes:
        """Return the 16 bytes under which a record is filed, which tell nobody without the key what it is about."""
        return self._keyed(self._names, place.encode(), name.encode())[:16]

    def seal(self, place: str, id: bytes, counter: int, content: bytes) -> bytes:
        """Return `content` as it may lie on a disk."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, _bound(place, id, counter))

    def open(self, place: str, id: bytes, counter: int, sealed: bytes) -> bytes:
        """Return what was sealed. Raises Altered."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(place, id, counter))
        except (InvalidTag, ValueError) as error:
            raise Altered(
                "A record on this computer is not the one that was written.", hint="Nothing of it is used."
            ) from error

    def mark(self, place: str, id: bytes, counter: int, sealed: bytes) -> int:
        """Return a number that only this record at this counter has, for the sum over a whole file."""
        return int.from_bytes(self._keyed(self._marks, _bound(place, id, counter), sealed), "big")

    @staticmethod
    def _keyed(key: bytes, *parts: bytes) -> bytes:
        made = hmac.new(key, digestmod=sha256)
        for part in parts:
            made.update(len(part).to_bytes(8, "big") + part)
        return made.digest()


def _derived(key: bytes, purpose: str) -> bytes:
    # HKDF-Expand (RFC 5869) of one block: the key is uniformly random already
    return hmac.new(key, f"hotmess-console local file: {purpose}".encode() + b"\x01", sha256).digest()


def _bound(place: str, id: bytes, counter: int) -> bytes:
    return b"\x00".join((place.encode(), id.hex().encode(), str(counter).encode()))
