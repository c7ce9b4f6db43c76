"""Sign-ins have threads and a queue of their own; who comes too many is told to come again."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from sync_server.accounts.sign_in_queue import (
    AT_ONCE,
    MOST_OF_NETWORK,
    MOST_WAITING,
    SignInQueue,
)
from sync_server.problems import SignInsBusy
from tests.sync_server.bureau import Bureau
from tests.sync_server.serving import Server

Outcome = int | BaseException


async def crowd(queue: SignInQueue, addresses: list[str]) -> list[Outcome]:
    """What each is answered that comes at once from these addresses, in their order."""
    gone = Event()
    waiting = [asyncio.create_task(queue.run(one, lambda: gone.wait(5))) for one in addresses]
    await asyncio.sleep(0.05)
    gone.set()
    return list(await asyncio.gather(*waiting, return_exceptions=True))


def test_one_network_does_not_fill_the_queue() -> None:
    addresses = ["192.0.2.1"] * 30 + ["192.0.2.2"] + [f"2001:db8::{n}" for n in range(30)]
    said = asyncio.run(crowd(SignInQueue(), addresses))
    assert said[:30].count(True) == MOST_OF_NETWORK
    assert said[30] is True
    assert said[31:].count(True) == MOST_OF_NETWORK


def test_a_full_queue_says_when_to_come_again() -> None:
    said = asyncio.run(crowd(SignInQueue(), [f"192.0.2.{n}" for n in range(MOST_WAITING + 3)]))
    assert said[:MOST_WAITING] == [True] * MOST_WAITING
    assert all(isinstance(one, SignInsBusy) and one.retry_after for one in said[MOST_WAITING:])


def test_there_is_room_again_once_they_are_served() -> None:
    queue = SignInQueue()

    async def twice() -> list[Outcome]:
        await crowd(queue, ["192.0.2.1"] * 9)
        return await crowd(queue, ["192.0.2.1"] * MOST_OF_NETWORK)

    assert asyncio.run(twice()) == [True] * MOST_OF_NETWORK


def test_who_goes_away_makes_no_room_before_the_work_is_done() -> None:
    queue = SignInQueue()

    async def left() -> list[Outcome]:
        gone = Event()
        tasks = [
            asyncio.create_task(queue.run("192.0.2.1", lambda: gone.wait(5)))
            for _ in range(MOST_OF_NETWORK)
        ]
        await asyncio.sleep(0.02)
        for task in tasks[:AT_ONCE]:
            task.cancel()
        said = await crowd(queue, ["192.0.2.1"])
        gone.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        return said

    assert isinstance(asyncio.run(left())[0], SignInsBusy)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_crowd_at_the_door_holds_up_nothing_else(server: Server, bureau: Bureau) -> None:
    phone = bureau.enrol()
    url = f"http://127.0.0.1:{server.port}"
    csrf = server.client.get("/sign-in").cookies["xuncha_sign_in"]

    def sign_in(n: int) -> httpx.Response:
        form = {"csrf": csrf, "staff": f"nobody{n}", "password": "zzzz"}
        cookie = {"Cookie": f"xuncha_sign_in={csrf}"}
        return httpx.post(f"{url}/sign-in", data=form, headers=cookie, timeout=60, trust_env=False)

    with ThreadPoolExecutor(30) as many:
        answers = [many.submit(sign_in, n) for n in range(100)]
        waits = []
        for path in ("/sign-in", "/healthz", "/static/console.css", "/inbox"):
            begun = time.monotonic()
            assert server.client.get(path).status_code in {200, 303}
            waits.append(time.monotonic() - begun)
        assert server.sync(phone).status_code == 200
        said = [answer.result() for answer in answers]
    assert max(waits) < 3, waits
    assert {one.status_code for one in said} <= {403, 429, 503}
    assert any(one.status_code == 503 for one in said)
    assert all("retry-after" in one.headers for one in said if one.status_code > 403)


def test_the_busy_answer_has_its_code() -> None:
    assert (SignInsBusy.status, SignInsBusy.code) == (503, "sign_ins_busy")
