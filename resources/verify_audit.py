#!/usr/bin/env python3
"""Check an audit export without the console: every hash, every link, heads kept elsewhere, and the signature.

    python3 verify_audit.py EXPORT [--anchor FILE] [--signers ALLOWED_SIGNERS --signer NAME]

Needs Python 3.8 and, for the signature, OpenSSH's ssh-keygen. The exit code is 0 when everything holds, 1 when
something does not, 2 when the file cannot be read. ALLOWED_SIGNERS has lines `NAME ssh-ed25519 AAAA…`.

An entry's hash is SHA-256 over its fields in the order below, each as its length in four bytes, big-endian (absent:
ff ff ff ff), and its bytes; numbers have eight bytes, texts are UTF-8, times are microseconds since 1970.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile

NUMBERS = ("seq", "floor", "sealed_at", "entry", "at", "xact")
TEXTS = ("actor", "client", "command", "action", "relation", "subject", "case", "detail")


def main():
    """Check what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="Check an audit export of the HOTMESS console.")
    parser.add_argument("export")
    parser.add_argument("--anchor", help="heads that were kept elsewhere")
    parser.add_argument("--signers", help="allowed signers, as ssh-keygen takes them")
    parser.add_argument("--signer", help="whose signature it has to be")
    asked = parser.parse_args()
    try:
        with open(asked.export, "rb") as file:
            lines = file.read().splitlines(keepends=True)
        anchors = read_anchors(asked.anchor) if asked.anchor else {}
        header = json.loads(lines[0])
        signature = json.loads(lines[-1]).get("signature") if len(lines) > 1 else None
        trouble = check_chain(header, lines[1:-1] if signature else lines[1:], anchors)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"This is no audit export, or it is damaged: {error!r}")
        return 2
    trouble = trouble or check_signature(b"".join(lines[:-1]), signature, asked)
    if trouble:
        print(trouble)
        return 1
    anchored = sum(header["first"] <= seq <= header["last"] for seq in anchors)
    print(f"Seals {header['first']} to {header['last']} hold; {anchored} of them are anchored elsewhere.")
    print("The signature holds." if asked.signers else "No signature was asked for." if signature else "Not signed.")
    return 0


def check_chain(header, lines, anchors):
    """Say what is wrong with the first bad entry; an empty text when none is."""
    if header["format"] != "hotmess-console audit export 1":
        raise ValueError("unknown format")
    expected, prev = header["first"], None
    for line in lines:
        entry = json.loads(line)
        if entry["seq"] != expected:
            return f"Seal {expected} is missing: seal {entry['seq']} stands in its place."
        if prev is not None and entry["prev_hash"] != prev:
            return f"Seal {expected} does not follow the one before it."
        if hash_of(entry) != entry["hash"]:
            return f"Seal {expected}: what entry {entry['entry']} says is not what was sealed."
        if expected == 1 and entry["prev_hash"] != "00" * 32:
            return "Seal 1 is not the beginning of a chain."
        if anchors.get(expected, entry["hash"]) != entry["hash"]:
            return f"Seal {expected} is not the one that was anchored: the chain was rewritten."
        expected, prev = expected + 1, entry["hash"]
    return f"The end is missing: seals {expected} to {header['last']}." if expected <= header["last"] else ""


def hash_of(entry):
    """Return the hash that this entry should have, in hex."""
    digest = hashlib.sha256()
    for name in NUMBERS:
        value = entry[name]
        feed(digest, None if value is None else value.to_bytes(8, "big", signed=True))
    for name in TEXTS:
        feed(digest, None if entry[name] is None else entry[name].encode())
    feed(digest, bytes.fromhex(entry["prev_hash"]))
    return digest.hexdigest()


def feed(digest, content):
    """Add one field."""
    if content is None:
        digest.update(b"\xff\xff\xff\xff")
    else:
        digest.update(len(content).to_bytes(4, "big") + content)


def read_anchors(path):
    """Return the anchored hash of each seal."""
    with open(path, encoding="utf-8") as file:
        return {anchor["seq"]: anchor["hash"] for anchor in map(json.loads, file)}


def check_signature(content, signature, asked):
    """Say what is wrong with the signature; an empty text when nothing is, or none was asked for."""
    if not asked.signers:
        return ""
    if not signature or not asked.signer:
        return "It is not signed." if not signature else "Say with --signer whose signature it has to be."
    with tempfile.NamedTemporaryFile("w", suffix=".sig") as file:
        file.write(signature)
        file.flush()
        command = ["ssh-keygen", "-Y", "verify", "-n", "hotmess-console-audit", "-f", asked.signers]
        command += ["-I", asked.signer, "-s", file.name]
        done = subprocess.run(command, input=content, capture_output=True)
    return "" if done.returncode == 0 else f"The signature does not hold: {done.stderr.decode().strip()}"


if __name__ == "__main__":
    sys.exit(main())
