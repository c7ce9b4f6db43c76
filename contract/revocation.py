"""What the server tells a phone whose access was revoked."""

from contract.value import Code, Sha256, Value


class RevocationNotice(Value):
    """Goes with the problem `token_revoked`: the name under which the phone was enrolled, and the
    digests of what it just sent that the server now holds, recorded or in quarantine. `wanted` are
    those of the photos asked about that recorded reports name and the server lacks: they may still
    be sent.

    A phone that holds nothing else then deletes its data. Without this notice it keeps everything.
    """

    device: Code
    taken: tuple[Sha256, ...] = ()
    wanted: tuple[Sha256, ...] = ()
