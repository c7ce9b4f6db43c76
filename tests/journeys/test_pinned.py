"""A server with a certificate of its own making: met by its fingerprint, and nobody else is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from contract.invitation import Invitation
from demo import play
from demo.pocket import Pocket
from demo.programs import Program, reachable
from fieldapp.ports import Offline, Refused
from sync_server.accounts.invitations import fingerprint, invitation
from tests.certificates import a_certificate
from tests.journeys.conftest import Bureau
from tests.journeys.test_story import bureau_without_server

pytestmark = pytest.mark.asyncio


@contextmanager
def serving(bureau: Bureau, folder: Path, name: str, ended: bool = False) -> Iterator[Bureau]:
    """The real program on 127.0.0.1, with a new certificate of this name."""
    certificate, key = a_certificate(folder, name, ended)
    settings = replace(
        bureau.settings,
        address=f"https://127.0.0.1:{bureau.settings.port}",
        certificate=str(certificate),
        certificate_key=str(key),
    )
    with Program.server(settings) as server:
        reachable(settings.port, server)
        yield replace(bureau, settings=settings)


def invited(bureau: Bureau) -> Invitation:
    return invitation(bureau.settings, bureau.code())


async def enrolled(phone: Pocket, code: str, place: str) -> None:
    await phone.courier.enrol(code, "示例手机", place)
    assert (await phone.courier.round()).why is None  # the places come with it


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    made = bureau_without_server(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("ended", [False, True])
async def test_the_certificate_of_the_invitation_is_enough(
    bureau: Bureau, tmp_path: Path, ended: bool
) -> None:
    with serving(bureau, tmp_path, "own", ended) as there:
        async with Pocket(tmp_path / "phone") as phone:
            asked = invited(there)
            await enrolled(phone, asked.code, asked.pinned_address())
            phone.sealed(play.draft(phone, ()))
            assert (await phone.courier.round()).why is None
    assert bureau.count("records") == 1


async def test_another_certificate_is_refused_with_words_and_hears_nothing(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Pocket(tmp_path / "phone") as phone:
        with serving(bureau, tmp_path, "own") as there:
            asked = invited(there)
            await enrolled(phone, asked.code, asked.pinned_address())
        phone.sealed(play.draft(phone, ()))
        with serving(bureau, tmp_path, "stranger"):  # the same server, in other clothes
            assert (await phone.courier.round()).why == "other_certificate"
            assert bureau.count("records") == 0 and phone.notebook.waiting() == 1


async def test_no_code_is_spent_on_a_stranger(bureau: Bureau, tmp_path: Path) -> None:
    other, _ = a_certificate(tmp_path, "other")
    with serving(bureau, tmp_path, "own") as there:
        async with Pocket(tmp_path / "phone") as phone:
            asked = invited(there)
            wrong = asked.changed(fingerprint=fingerprint(other))
            with pytest.raises(Offline) as offline:
                await enrolled(phone, asked.code, wrong.pinned_address())
            assert offline.value.why == "other_certificate"
            await enrolled(phone, asked.code, asked.pinned_address())


async def test_without_a_fingerprint_it_is_not_believed(bureau: Bureau, tmp_path: Path) -> None:
    with serving(bureau, tmp_path, "own") as there:
        async with Pocket(tmp_path / "phone") as phone:
            with pytest.raises(Offline) as offline:
                await enrolled(phone, bureau.code(), there.settings.address)
            assert offline.value.why == "not_the_bureau"


@pytest.mark.parametrize("pin", ["abc", "AB" * 32, "ab" * 33])
async def test_half_a_fingerprint_is_a_wrong_address(tmp_path: Path, pin: str) -> None:
    """Never less than a pin: what was typed wrongly must not mean that anybody is believed."""
    async with Pocket(tmp_path / "phone") as phone:
        with pytest.raises(Refused) as refused:
            await enrolled(phone, "12345678", f"https://127.0.0.1:9#{pin}")
        assert refused.value.code == "bad_address"
