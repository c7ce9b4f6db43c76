"""Every error that the server reports to a program: class, HTTP status, and a stable code."""

from collections.abc import Collection, Mapping


class Problem(Exception):
    """Answered as RFC 9457 `application/problem+json`; `detail` is for the technician."""

    status = 500
    code = "internal"

    def __init__(self, detail: str = "", retry_after: int | None = None) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.retry_after = retry_after


class UnreadableRequest(Problem):
    """The body is not what this address takes; `detail` says where."""

    status, code = 400, "unreadable"


class NotJson(Problem):
    status, code = 400, "not_json"


class BadHeader(Problem):
    status, code = 400, "bad_header"


class NotSignedIn(Problem):
    status, code = 401, "not_signed_in"


class TokenRevoked(Problem):
    """`device` is set if this phone itself was revoked, not its duty post closed. `taken` are the
    digests of what it sent and the bureau has; None if the call could not be read. `wanted` are
    those of its photos that may still come."""

    status, code = 401, "token_revoked"

    def __init__(
        self,
        device: str = "",
        taken: tuple[str, ...] | None = None,
        wanted: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.device, self.taken, self.wanted = device, taken, wanted


class NotAllowed(Problem):
    status, code = 403, "not_allowed"


class NotFound(Problem):
    status, code = 404, "not_found"


class CodeNotValid(Problem):
    """Unknown or used: one code for both, so that who guesses learns nothing."""

    status, code = 404, "code_not_valid"


class CodeExpired(Problem):
    status, code = 410, "code_expired"


class UploadGone(Problem):
    status, code = 410, "upload_gone"


class MethodNotAllowed(Problem):
    """`allowed` are the methods that this address has."""

    status, code = 405, "method_not_allowed"

    def __init__(self, allowed: Collection[str] = ()) -> None:
        super().__init__()
        self.allowed = frozenset(allowed)


class OtherPost(Problem):
    """The one-time code is right and stays good: it is another duty post's than the phone asked
    for."""

    status, code = 409, "other_post"


class StateChanged(Problem):
    status, code = 409, "state_changed"


class RevisionChanged(Problem):
    status, code = 409, "revision_changed"


class UndoTooLate(Problem):
    """An answer that a phone may have heard is not undone any more."""

    status, code = 409, "too_late"


class WrongOffset(Problem):
    status, code = 409, "wrong_offset"


class WrongTus(Problem):
    status, code = 412, "tus_version"


class TooLarge(Problem):
    status, code = 413, "body_too_large"


class BatchTooLarge(Problem):
    status, code = 413, "batch_too_large"


class PhotoTooLarge(Problem):
    status, code = 413, "photo_too_large"


class WrongType(Problem):
    status, code = 415, "wrong_type"


class PhotoNotJpeg(Problem):
    status, code = 422, "photo_not_jpeg"


class PhotoTooManyPixels(Problem):
    status, code = 422, "photo_too_many_pixels"


class PhotoHasMetadata(Problem):
    """Rule L6: a photo with EXIF, XMP or a comment was not re-encoded by the phone."""

    status, code = 422, "photo_has_metadata"


class PhotoMismatch(Problem):
    status, code = 422, "photo_mismatch"


class BadDecision(Problem):
    """`code` is one of move_not_possible, duplicate_needs_number, duplicate_unknown,
    comment_too_long, receipt_too_long, personal_data, assignee_unknown, assignee_elsewhere,
    why_needed, nothing_sent, those of domain/decisions.py, and what is missing: a value of
    domain/cases.py: Word and `_needed`. `spans` mark the personal data in what was written."""

    status = 422

    def __init__(self, code: str, spans: tuple[tuple[int, int], ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.spans = spans


class BadEntry(Problem):
    """What was entered in a form cannot be taken: for each field that is wrong the code of a flaw,
    and where in its text it stands."""

    status, code = 422, "bad_entry"

    def __init__(self, flaws: Mapping[str, tuple[str, tuple[tuple[int, int], ...]]]) -> None:
        super().__init__()
        self.flaws = flaws


class ContractTooOld(Problem):
    status, code = 426, "contract_too_old"


class TooManyTries(Problem):
    status, code = 429, "too_many_tries"


class SignInsBusy(Problem):
    """Too many people sign in at this moment."""

    status, code = 503, "sign_ins_busy"


class TooManyUploads(Problem):
    status, code = 429, "too_many_uploads"


class QuotaUsed(Problem):
    """This device has left as much here as a day allows: later, nothing of this was kept."""

    status, code = 429, "quota_used"


class ChecksumMismatch(Problem):
    status, code = 460, "checksum_mismatch"


class Busy(Problem):
    status, code = 503, "busy"


class StorageFull(Problem):
    status, code = 507, "storage_full"
