"""What opens the bureau's door lies in the safe, under the name of the phone that it speaks for."""

from fieldapp.ports import Refused, Safe


async def store(safe: Safe, device: str, token: str) -> None:
    """Before the notebook learns of the enrolment: a phone with a name always has its token."""
    try:
        await safe.put(_name(device), token)
        if await safe.get(_name(device)) == token:
            return
    except OSError as error:
        raise Refused("safe_shut") from error
    raise Refused("safe_shut")


async def load(safe: Safe, device: str) -> str | None:
    try:
        return await safe.get(_name(device))
    except OSError as error:
        raise Refused("safe_shut") from error


async def forget(safe: Safe, device: str) -> None:
    """Raises OSError."""
    await safe.put(_name(device), None)


def _name(device: str) -> str:
    return f"token_{device}"
