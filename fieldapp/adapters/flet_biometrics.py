"""A finger or a face, by flet-local-auth: Android's BiometricPrompt, Apple's Touch and Face ID."""

import asyncio
from contextlib import suppress

import flet as ft
import flet_local_auth as fl

from fieldapp.ports import Biometrics, Question

ANSWER_S, DIALOGUE_S = 3, 60  # for the plugin to answer; for the owner to show finger or face
PHONES = {ft.PagePlatform.ANDROID, ft.PagePlatform.IOS}


def biometrics(page: ft.Page) -> Biometrics | None:
    """None where flet-local-auth raises at its first update: in a browser, and on Linux."""
    return FletBiometrics() if page.platform in PHONES and not page.web else None


class FletBiometrics:
    """Port Biometrics. Holds its service in a field: flet unregisters one that has no reference."""

    def __init__(self) -> None:
        self._service = fl.LocalAuthentication()

    async def offered(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_S):
                known: object = await self._service.get_available_biometrics()
        except Exception:  # whatever the plugin raises: it cannot check
            return False
        return isinstance(known, list | tuple) and bool(known)

    async def recognised(self, question: Question) -> bool:
        try:
            async with asyncio.timeout(DIALOGUE_S):
                return await self._ask(question) is True  # nothing but a plain yes opens the lock
        except TimeoutError:
            await self._stop()
            return False
        except Exception:  # whatever the plugin raises: the PIN still opens the app
            return False

    async def _ask(self, question: Question) -> bool:
        """Finger or face only, not the phone's own PIN, which a family may know; without a tap to
        confirm a face. An empty text keeps the plugin from showing its own in English."""
        android = fl.AndroidAuthMessages(
            sign_in_title=question.title, sign_in_hint="", cancel_button=question.cancel
        )
        ios = fl.IOSAuthMessages(cancel_button=question.cancel, localized_fallback_title="")
        return await self._service.authenticate(
            question.reason,
            biometric_only=True,
            sensitive_transaction=False,
            android_messages=android,
            ios_messages=ios,
        )

    async def _stop(self) -> None:
        with suppress(Exception):
            async with asyncio.timeout(ANSWER_S):
                await self._service.stop_authentication()
