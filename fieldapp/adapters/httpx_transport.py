"""Connects to servers whose certificate the phone trusts, or that an invitation has named."""

import hmac
import socket
import ssl
from functools import cache
from hashlib import sha256

import httpx

from fieldapp.adapters.tus import CHUNK

# A small send buffer, else the kernel takes a whole photo at once and progress would be shown too
# early. 64 KB (Linux doubles the number) fill 10 Mbit/s at 50 ms; where the platform can limit it,
# one chunk of them may wait unsent.
SOCKET_OPTIONS = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)]
if hasattr(socket, "TCP_NOTSENT_LOWAT"):
    SOCKET_OPTIONS.append((socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, CHUNK))


class UnexpectedCertificate(ssl.SSLCertVerificationError):
    """The server does not hold the certificate that the invitation named."""


class PinnedTransport(httpx.AsyncBaseTransport):
    """One connection pool for each certificate. The fragment of a request's URL names it by its
    SHA-256 in hexadecimal; without a fragment any certificate that the system trusts will do."""

    def __init__(self) -> None:
        """Makes the pool without a fragment at once: reading all the certificates that the system
        trusts takes longer than all else in a call, and would block the event loop there."""
        self._pools = {"": _pool(_trusting_the_system())}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pin = request.url.fragment
        if pin not in self._pools:
            self._pools[pin] = _pool(pinned_context(pin))
        return await self._pools[pin].handle_async_request(request)

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


@cache
def _trusting_the_system() -> ssl.SSLContext:
    """Read once for all phones of one process."""
    return httpx.create_ssl_context()


def _pool(verify: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(verify=verify, socket_options=SOCKET_OPTIONS)


def pinned_context(fingerprint: str) -> ssl.SSLContext:
    """Accepts exactly that certificate, whoever signed it and whatever host and dates it names.
    Checks within the handshake, before a byte of a request has left."""

    class Pinned(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            shown = sha256(self.getpeercert(binary_form=True) or b"").hexdigest()
            if not hmac.compare_digest(shown, fingerprint):
                raise UnexpectedCertificate(1, "another certificate than the invitation names")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # Pinned checks it
    context.sslobject_class = Pinned
    return context
