"""The token lies in the safe alone; what every safe promises, on files and on the fake."""

from pathlib import Path

import pytest

from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.device import access_token
from fieldapp.device.access_token import StoredCredentials
from fieldapp.memory.memory import Memory
from fieldapp.ports import Credentials, Refused, Safe
from tests.builders import an_identity
from tests.fieldapp.a_bureau import Phone
from tests.fieldapp.fakes import TOKEN, FakeNotebook, FakeSafe

pytestmark = pytest.mark.asyncio


@pytest.fixture(params=["file", "sealed file", "fake"])
def safe(request: pytest.FixtureRequest, tmp_path: Path) -> Safe:
    if request.param == "fake":
        return FakeSafe()
    cipher = AesCipher(b"k" * 32) if request.param == "sealed file" else None
    return FileSafe(tmp_path / "safe", cipher)


async def test_a_secret_is_kept_replaced_and_forgotten(safe: Safe) -> None:
    assert await safe.get("token_d1") is None
    await safe.put("token_d1", "one")
    await safe.put("token_d1", "two")
    assert await safe.get("token_d1") == "two"
    for _ in range(2):
        await safe.put("token_d1", None)
    assert await safe.get("token_d1") is None


async def test_what_was_settled_first_stays(safe: Safe) -> None:
    assert await safe.settle("storage_key", "one") == "one"
    assert await safe.settle("storage_key", "two") == "one"
    assert await safe.get("storage_key") == "one"


async def test_the_credentials_are_those_of_the_moment(safe: Safe) -> None:
    memory = Memory(FakeNotebook())
    source = StoredCredentials(memory, safe)
    assert await source.credentials() is None
    memory.keep_identity(an_identity(address="https://one.example"))
    assert await source.credentials() is None  # an identity without a token opens nothing
    await access_token.store(safe, "d1", "t1")
    assert await source.credentials() == Credentials("https://one.example", "t1")
    memory.keep_identity(an_identity(device="d2", address="https://two.example"))
    assert await source.credentials() is None  # the token of d1 is not that of d2
    await access_token.store(safe, "d2", "t2")
    assert await source.credentials() == Credentials("https://two.example", "t2")


async def test_enrolment_puts_the_token_into_the_safe_and_nowhere_else(light: Phone) -> None:
    light.notebook.remember("identity", None)
    identity = await light.courier.enrol("DEMO-0001", "", "https://bureau.example")
    assert light.safe.secrets == {f"token_{identity.device}": TOKEN}
    assert TOKEN not in (light.notebook.remembered("identity") or "")


async def test_a_safe_that_does_not_take_the_token_leaves_the_phone_as_it_was(
    light: Phone,
) -> None:
    """Else it would have a name at the bureau and nothing to show there."""
    light.notebook.remember("identity", None)
    light.safe.shut = True
    with pytest.raises(Refused, match="safe_shut"):
        await light.courier.enrol("DEMO-0001", "", "https://bureau.example")
    assert light.memory.identity() is None


async def test_a_safe_that_forgets_at_once_is_found_out() -> None:
    class Forgetful(FakeSafe):
        async def put(self, name: str, text: str | None) -> None: ...

    with pytest.raises(Refused, match="safe_shut"):
        await access_token.store(Forgetful(), "d1", TOKEN)


async def test_a_safe_that_does_not_answer_is_no_phone_without_a_token() -> None:
    safe, memory = FakeSafe(token_d1=TOKEN), Memory(FakeNotebook())
    memory.keep_identity(an_identity())
    safe.shut = True
    with pytest.raises(Refused, match="safe_shut"):
        await StoredCredentials(memory, safe).credentials()
