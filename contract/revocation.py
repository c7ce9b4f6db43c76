"""The last thing a bureau says to a phone that it has revoked."""

from contract.value import Code, Sha256, Value


class RevocationNotice(Value):
    """Beside `token_revoked`: the phone that is meant, by the name it was enrolled under, and of
    what it just sent the digests that are at the bureau now, recorded or put aside.

    A phone that holds nothing else destroys what it has. Without this word it keeps everything.
    """

    device: Code
    taken: tuple[Sha256, ...] = ()
