"""What the bureau takes only later waits here whole, says until when, and is no failure."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from contract.protocol import SyncReply, SyncRequest
from fieldapp.adapters.http_messages import UNTOLD_S, failure_of
from fieldapp.courier.deferral import LONGEST
from fieldapp.memory.values import Deferral
from fieldapp.ports import Deferred, Offline
from fieldapp.report.entry import Stage
from tests.builders import NOON
from tests.fieldapp.a_bureau import Phone, aside, refuses
from tests.fieldapp.a_phone import Hands
from tests.fieldapp.a_phone import Phone as WholePhone

pytestmark = pytest.mark.asyncio
HOURS = 6


def puts_off(phone: Phone, taken: int) -> None:
    """The bureau takes so many parcels in all, and the others in HOURS."""

    def answer(asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        room = max(0, taken - len(phone.bureau.kept))
        reply = phone.bureau.reply(asked, parcels[:room])
        beyond = len(parcels) > room
        retry_at = phone.bureau.at + timedelta(hours=HOURS) if beyond else None
        return reply.changed(retry_at=retry_at)

    phone.road.answer = answer


async def test_what_is_put_off_waits_until_its_time_and_goes_then(light: Phone) -> None:
    parcels = [light.seal() for _ in range(3)]
    puts_off(light, 1)
    home = await light.courier.round()
    assert (home.delivered, home.refused, home.waiting, home.why) == (1, 0, 2, None)
    assert home.deferral.parcels == light.clock.now() + timedelta(hours=HOURS)
    light.start()  # a restart forgets nothing
    home = await light.courier.round()
    assert light.carried() == [3, 0] and home.deferral.parcels and home.why is None
    light.clock.pass_(hours=HOURS)
    light.road.answer = light.bureau.reply
    home = await light.courier.round()
    assert (home.delivered, home.waiting, home.deferral) == (2, 0, Deferral())
    assert all(light.entry(one).stage is Stage.DELIVERED for one in parcels)


async def test_a_clock_that_was_put_back_does_not_hold_parcels_for_ever(light: Phone) -> None:
    light.seal()
    puts_off(light, 0)
    await light.courier.round()
    light.clock.pass_(hours=-LONGEST / timedelta(hours=1))
    assert (await light.courier.round()).deferral.parcels is not None
    assert light.carried() == [1, 1]


async def test_a_bureau_that_says_a_hundred_years_is_asked_again_in_a_day(light: Phone) -> None:
    light.seal()
    light.road.answer = refuses(Deferred(100 * 366 * 86_400))
    assert (await light.courier.round()).deferral.parcels == light.clock.now() + LONGEST


async def test_photos_that_are_put_off_do_not_hold_up_reports(light: Phone) -> None:
    light.seal(photos=2)
    link, sent = light.road.photo, light.road.sent

    async def full(*_: object) -> None:
        raise Deferred(3_600)

    light.road.photo = full  # type: ignore[method-assign, assignment]
    home = await light.courier.round()
    assert (home.delivered, home.photos_sent, home.why) == (1, 0, None)
    assert home.deferral.photos == light.clock.now() + timedelta(hours=1)
    light.road.photo = link  # type: ignore[method-assign]
    light.seal()
    home = await light.courier.round()
    assert (home.delivered, home.photos_sent, len(sent)) == (1, 0, 0)
    light.clock.pass_(hours=1)
    assert (await light.courier.round()).photos_sent == 2


async def test_a_whole_call_that_is_put_off_keeps_everything(light: Phone) -> None:
    parcel = light.seal()
    light.road.answer = refuses(Deferred(600))
    home = await light.courier.round()
    assert (home.why, home.waiting, aside(light, parcel)) == (None, 1, None)
    assert home.deferral.parcels == light.clock.now() + timedelta(seconds=600)


async def test_a_phone_that_enrols_anew_waits_no_longer(light: Phone) -> None:
    light.seal()
    puts_off(light, 0)
    await light.courier.round()
    identity = light.memory.identity()
    assert identity
    light.memory.keep_identity(identity.changed(device="d2"))
    assert light.memory.deferral() == Deferral()


class Response:
    def __init__(self, code: str, **headers: str) -> None:
        self.status_code = 429
        self.headers = {"content-type": "application/problem+json", **headers}
        own = f'"code":"{code}","status":429,"type":"urn:xuncha:problem:{code}"'
        self.content = b"{%s}" % own.encode()


async def test_only_the_quota_says_when_to_come_again() -> None:
    asked = [failure_of(Response("quota_used", **{"retry-after": t})) for t in ("77", "soon", "")]
    assert [one.seconds for one in asked if isinstance(one, Deferred)] == [77, UNTOLD_S, UNTOLD_S]
    assert type(failure_of(Response("too_many_tries", **{"retry-after": "77"}))) is Offline


async def test_the_worker_sees_until_when_and_no_trouble(tmp_path: Path) -> None:
    phone = WholePhone(tmp_path, Hands())
    until = NOON + timedelta(hours=12)
    async with phone as app:
        phone.state.sync.waiting = 3
        phone.state.sync.deferral = Deferral(parcels=until)
        phone.state.sync.open()
        await app.settle()
        phone.state.sync.waiting = 3
        phone.state.sync.notify()  # type: ignore[no-untyped-call]
        await app.settle()
        said = " ".join(app.texts())
        assert "今日发送量已满，先存着" in said and "到时自动接着发，内容都在" in said
        assert f"{until:%H:%M} 后接着收" in said
        assert phone.state.sync.why == "" and not phone.state.sync._parcels_to_send()
