"""What a phone cannot send is carried to the bureau as a file, and sent all the same later."""

from pathlib import Path

import pytest

from demo.pocket import Pocket
from fieldapp.adapters.cryptography_agreement import CryptographyAgreement
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.courier import unsent_file
from fieldapp.courier.courier import TripPorts
from fieldapp.ports import Refused
from sync_server.intake.by_hand import TakenIn, take_in
from tests.builders import a_report
from tests.journeys.conftest import Bureau

pytestmark = [pytest.mark.asyncio]


async def test_a_file_and_the_road_bring_the_same_once(bureau: Bureau, tmp_path: Path) -> None:
    async with Pocket(tmp_path / "phone") as phone:
        await bureau.enrolled(phone, bureau.address)
        ports = TripPorts(
            phone.notebook, phone.memory, phone.album, phone.link, phone.clock, phone.safe
        )
        with pytest.raises(Refused, match="nothing_unsent"):
            await unsent_file.write(ports, CryptographyAgreement(), AesCipher)
        identity = phone.identity()
        drafts = [
            a_report(device=identity.device, author=identity.author, revision=0) for _ in range(3)
        ]
        entries = [phone.sealed(draft) for draft in drafts]
        file = await unsent_file.write(ports, CryptographyAgreement(), AesCipher)
        assert take_in(bureau.store, file, "shenhe1", phone.clock.now()) == TakenIn(new=3)
        assert phone.notebook.waiting() == 3, "what is in a file still waits"
        result = await phone.courier.round()
        assert (result.why, result.waiting, bureau.count("arrivals")) == (None, 0, 3)
        assert all(phone.entry(entry).receipt for entry in entries)
        assert not phone.memory.ledger_broken()
        assert take_in(bureau.store, file, "shenhe1", phone.clock.now()) == TakenIn(held=3)
