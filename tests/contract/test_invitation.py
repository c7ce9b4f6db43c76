"""The text of the QR code that enrols a phone."""

import pytest

from contract.invitation import Invitation

PIN = "ab" * 32


@pytest.mark.parametrize("pin", ["", PIN])
@pytest.mark.parametrize("address", ["https://bureau.example", "https://10.0.0.5:8443/a;b"])
def test_what_was_written_is_read(address: str, pin: str) -> None:
    invited = Invitation(code="12345678", address=address, fingerprint=pin)
    assert Invitation.parse(f" {invited.text()}\n") == invited


def test_the_pinned_address_ends_in_the_fingerprint_if_there_is_one() -> None:
    bare = Invitation(code="1", address="https://bureau.example")
    assert bare.pinned_address() == "https://bureau.example"
    assert bare.changed(fingerprint=PIN).pinned_address() == f"https://bureau.example#{PIN}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "1234 5678",
            "xuncha:1",
            "xuncha:1;;;",
            "xuncha:1;1234;;",
            "xuncha:1;;;https://a.example",
        ),
        f"xuncha:1;1234;{PIN[:-1]};https://bureau.example",
        f"xuncha:1;1234;{PIN.upper()};https://bureau.example",
        f"xuncha:2;1234;{PIN};https://bureau.example",
        "https://bureau.example",
    ],
)
def test_any_other_text_is_no_invitation(text: str) -> None:
    assert Invitation.parse(text) is None


def test_it_fits_a_qr_code_that_a_cheap_camera_reads() -> None:
    """QR version 8 at error correction level M, 49 × 49 modules, holds 152 bytes."""
    longest = Invitation(code="12345678", address="https://192.168.100.200:8443", fingerprint=PIN)
    assert len(longest.text().encode()) <= 152
