"""The first screen: a code that was typed, or a whole invitation that was pasted."""

from pathlib import Path

import pytest

from contract.invitation import Invitation
from fieldapp.screens.remedies import REMEDIES
from fieldapp.words import sentences
from tests.fieldapp.a_phone import CODE, Phone

pytestmark = pytest.mark.asyncio
PIN = "ab" * 32


async def test_a_pasted_invitation_brings_address_and_certificate_along(tmp_path: Path) -> None:
    phone = Phone(tmp_path, enrolled=False)
    asked = Invitation(code=CODE, address="https://10.0.0.5:8443", fingerprint=PIN)
    async with phone as app:
        await app.write("enrol-code", asked.text())
        await app.tap("enrol")
        assert app.shows("add")
    identity = phone.memory.identity()
    assert identity and identity.address == f"https://10.0.0.5:8443#{PIN}"


async def test_a_typed_code_goes_to_the_typed_address(tmp_path: Path) -> None:
    phone = Phone(tmp_path, enrolled=False)
    async with phone as app:
        await app.write("enrol-code", CODE)
        await app.write("enrol-address", "https://bureau.example")
        await app.tap("enrol")
    identity = phone.memory.identity()
    assert identity and identity.address == "https://bureau.example"


async def test_another_certificate_has_words_and_a_next_step() -> None:
    assert "why.other_certificate" in sentences()
    assert REMEDIES["other_certificate"].then in sentences()
