"""The token with which this phone signs its calls: in the safe, under the name of the device."""

from fieldapp.memory.memory import Memory
from fieldapp.ports import Credentials, Refused, Safe
from fieldapp.ports.background import in_background


class StoredCredentials:
    """Port CredentialSource: the address from the notebook, the token from the safe."""

    def __init__(self, memory: Memory, safe: Safe) -> None:
        self._memory, self._safe = memory, safe

    async def credentials(self) -> Credentials | None:
        identity = await in_background(self._memory.identity)
        token = await load(self._safe, identity.device) if identity else None
        return Credentials(identity.address, token) if identity and token else None


async def store(safe: Safe, device: str, token: str) -> None:
    """Call it before the notebook learns of the enrolment: a phone with an identity always has its
    token. Reads back what it wrote. Raises Refused ("safe_shut")."""
    try:
        await safe.put(_name(device), token)
        if await safe.get(_name(device)) == token:
            return
    except OSError as error:
        raise Refused("safe_shut") from error
    raise Refused("safe_shut")


async def load(safe: Safe, device: str) -> str | None:
    """None if there is none. Raises Refused ("safe_shut")."""
    try:
        return await safe.get(_name(device))
    except OSError as error:
        raise Refused("safe_shut") from error


async def forget(safe: Safe, device: str) -> None:
    """Raises OSError."""
    await safe.put(_name(device), None)


def _name(device: str) -> str:
    return f"token_{device}"
