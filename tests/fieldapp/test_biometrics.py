"""What flet-local-auth answers, as the lock understands it."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import flet as ft
import flet_local_auth as fl
import pytest

from fieldapp.adapters import flet_biometrics
from fieldapp.adapters.flet_biometrics import FletBiometrics, biometrics
from fieldapp.ports import Question
from tests.fieldapp.headless import Headless

QUESTION = Question("巡查", "打开巡查", "输密码")


def refuse(_: Any) -> None:
    raise RuntimeError("the plugin is not there")


async def answer(verb: Callable[[FletBiometrics], Any], **replies: Any) -> Any:
    told = list[Any]()

    async def main(page: ft.Page) -> None:
        told.append(await verb(FletBiometrics()))

    async with Headless(main, replies):
        return told[0]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("there", "offered"),
    [(["weak", "strong"], True), (["face"], True), ([], False), (None, False), (refuse, False)],
)
async def test_it_is_offered_where_the_phone_knows_somebody(there: Any, offered: bool) -> None:
    verb = FletBiometrics.offered
    assert await answer(verb, get_available_biometrics=there) is offered


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("said", "known"),
    [
        (True, True),
        (False, False),
        (refuse, False),
        *(
            ({"error_code": code.value, "error_description": None}, False)
            for code in fl.LocalAuthErrorCode
        ),
        ({"error_code": "something new", "error_description": "?"}, False),
    ],
)
async def test_only_a_yes_is_a_yes(said: Any, known: bool) -> None:
    asked = list[dict[str, Any]]()

    def authenticate(args: dict[str, Any]) -> Any:
        asked.append(args)
        return said(args) if callable(said) else said

    verb = lambda one: one.recognised(QUESTION)  # noqa: E731
    assert await answer(verb, authenticate=authenticate) is known
    [args] = asked
    assert args["biometric_only"] and args["reason"] == QUESTION.reason
    assert args["android_messages"].cancel_button == QUESTION.cancel


@pytest.mark.asyncio
async def test_a_dialogue_that_nobody_answers_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flet_biometrics, "DIALOGUE_S", 0.05)
    stopped = list[Any]()

    async def never(*_: Any, **__: Any) -> bool:
        await asyncio.sleep(60)
        return True

    monkeypatch.setattr(fl.LocalAuthentication, "authenticate", never)
    verb = lambda one: one.recognised(QUESTION)  # noqa: E731
    assert await answer(verb, stop_authentication=stopped.append) is False
    assert stopped


@pytest.mark.asyncio
async def test_a_phone_that_does_not_say_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flet_biometrics, "ANSWER_S", 0.05)

    async def never(_: Any) -> list[Any]:
        await asyncio.sleep(60)
        return [fl.BiometricType.FACE]

    monkeypatch.setattr(fl.LocalAuthentication, "get_available_biometrics", never)
    assert await answer(FletBiometrics.offered) is False


@pytest.mark.parametrize(
    ("platform", "web", "there"),
    [
        (ft.PagePlatform.ANDROID, False, True),
        (ft.PagePlatform.IOS, False, True),
        (ft.PagePlatform.ANDROID, True, False),
        (ft.PagePlatform.LINUX, False, False),
        (None, True, False),
    ],
)
def test_no_browser_is_given_a_service_that_it_cannot_have(
    monkeypatch: pytest.MonkeyPatch, platform: Any, web: bool, there: bool
) -> None:
    monkeypatch.setattr(fl, "LocalAuthentication", lambda: None)
    page = cast(ft.Page, SimpleNamespace(platform=platform, web=web))
    assert (biometrics(page) is not None) is there
