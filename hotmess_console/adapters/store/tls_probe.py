"""Shaking hands as the driver would, to name what is wrong with a certificate: the driver says only that it failed."""

from __future__ import annotations

import socket
import ssl
import struct

from hotmess_console.domain.policy.connection_faults import Fault

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""Postgres' way to ask for TLS: a message of eight bytes with this code, answered by S or N."""
_NOT_YET_VALID, _HAS_EXPIRED = 9, 10
_NO_ISSUER = frozenset({2, 18, 19, 20, 21})
"""OpenSSL's codes for a chain that does not end at the authority in the file."""
_OTHER_NAME = frozenset({62, 64})


def examine_tls(line: socket.socket, name: str, ca_file: str) -> Fault | None:
    """Return what is wrong with the server at the other end of `line`, None when it proves to be `name`.

    Raises OSError when the line breaks. Nothing about a login is sent.
    """
    line.sendall(_SSL_REQUEST)
    if line.recv(1) != b"S":
        return Fault.NO_TLS
    # not the default context: its strict mode refuses chains that the driver takes
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        trust.load_verify_locations(ca_file)
    except ssl.SSLError:
        return Fault.NO_CA_FILE
    try:
        with trust.wrap_socket(line, server_hostname=name):
            return None
    except ssl.SSLCertVerificationError as error:
        return _fault_of(error.verify_code)
    except ssl.SSLError:
        return Fault.BAD_CERTIFICATE


def _fault_of(code: int) -> Fault:
    if code in (_NOT_YET_VALID, _HAS_EXPIRED):
        return Fault.EXPIRED
    if code in _OTHER_NAME:
        return Fault.OTHER_NAME
    return Fault.UNKNOWN_AUTHORITY if code in _NO_ISSUER else Fault.BAD_CERTIFICATE
