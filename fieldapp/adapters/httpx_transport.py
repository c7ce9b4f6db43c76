"""Which certificate a road may end at: any that the phone trusts, or the one of the invitation."""

import hmac
import socket
import ssl
from hashlib import sha256

import httpx

from fieldapp.adapters.tus import PIECE

# A small send buffer, else the kernel takes a whole photo at once and progress tells a lie. 64 KB
# (Linux doubles) fill 10 Mbit/s at 50 ms; of them one piece may wait unsent where that can be said.
BUFFERS = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)]
if hasattr(socket, "TCP_NOTSENT_LOWAT"):
    BUFFERS.append((socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, PIECE))


class UnexpectedCertificate(ssl.SSLCertVerificationError):
    """Whoever answers there does not hold the certificate that the invitation named."""


class PinnedTransport(httpx.AsyncBaseTransport):
    """One road for each certificate; the fragment of a request's address names it."""

    def __init__(self) -> None:
        """The common road is ready before its first request: to read all the certificates that the
        system trusts takes longer than all else in a call, and would hold up the loop there."""
        self._roads = {"": _road(True)}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pin = request.url.fragment
        if pin not in self._roads:
            self._roads[pin] = _road(pinned_context(pin))
        return await self._roads[pin].handle_async_request(request)

    async def aclose(self) -> None:
        for road in self._roads.values():
            await road.aclose()


def _road(verify: ssl.SSLContext | bool) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(verify=verify, socket_options=BUFFERS)


def pinned_context(fingerprint: str) -> ssl.SSLContext:
    """Accepts exactly that certificate, whoever signed it and whatever host and date it names. The
    look comes within the handshake: before a byte of a request has left."""

    class Pinned(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            shown = sha256(self.getpeercert(binary_form=True) or b"").hexdigest()
            if not hmac.compare_digest(shown, fingerprint):
                raise UnexpectedCertificate(1, "another certificate than the invitation names")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # Pinned looks itself
    context.sslobject_class = Pinned
    return context
