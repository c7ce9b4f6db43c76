"""The one-time code on a technician's screen."""

import io
import ssl
from hashlib import sha256
from pathlib import Path

from contract.invitation import Invitation
from sync_server.accounts.invitations import fingerprint, show
from sync_server.settings import Settings
from tests.certificates import a_certificate

ADDRESS = "https://10.0.0.5:8443"


def shown(settings: Settings) -> str:
    out = io.StringIO()
    show(settings, "12345678", out)
    return out.getvalue()


def test_without_an_address_the_code_alone_is_shown() -> None:
    assert shown(Settings()) == "1234 5678\n"


def test_with_an_address_there_is_a_square_to_scan_and_the_same_to_paste(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path, "bureau")
    settings = Settings(address=ADDRESS, certificate=str(certificate), certificate_key=str(key))
    code, *square, text = shown(settings).splitlines()
    assert code == "1234 5678" and len(square) > 20
    pin = sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()
    assert Invitation.parse(text) == Invitation(code="12345678", address=ADDRESS, fingerprint=pin)


def test_of_a_chain_the_servers_own_certificate_counts(tmp_path: Path) -> None:
    own, _ = a_certificate(tmp_path, "own")
    root, _ = a_certificate(tmp_path, "root")
    chain = tmp_path / "chain.pem"
    chain.write_text(f"a comment\n{own.read_text()}{root.read_text()}")
    assert fingerprint(chain) == fingerprint(own) != fingerprint(root)
