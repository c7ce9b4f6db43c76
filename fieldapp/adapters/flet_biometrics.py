"""A finger or a face, by flet-local-auth: Android's BiometricPrompt, Apple's Touch and Face ID."""

import asyncio
from contextlib import suppress

import flet as ft
import flet_local_auth as fl

from fieldapp.ports import Biometrics, Question

PATIENCE_S, LONGEST_S = 3, 60
PHONES = {ft.PagePlatform.ANDROID, ft.PagePlatform.IOS}


def biometrics(page: ft.Page) -> Biometrics | None:
    """None where flet-local-auth raises at its first update: in a browser, and on Linux."""
    return FletBiometrics() if page.platform in PHONES and not page.web else None


class FletBiometrics:
    """Port Biometrics. Keeps its service: flet unregisters one that nobody holds."""

    def __init__(self) -> None:
        self._service = fl.LocalAuthentication()

    async def offered(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return bool(await self._service.get_available_biometrics())
        except (RuntimeError, TimeoutError):
            return False

    async def recognised(self, question: Question) -> bool:
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._asked(question)
        except TimeoutError:
            await self._stop()
            return False
        except (fl.LocalAuthException, RuntimeError):  # the PIN is there for all of them
            return False

    async def _asked(self, question: Question) -> bool:
        """The phone's own PIN will not do: a family may know it. A face need not be confirmed by
        one more tap. An empty text leaves out what the plugin else says in English."""
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
        with suppress(RuntimeError, TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._service.stop_authentication()
