"""The phone's own safe, by flet-secure-storage: Android's Keystore, Apple's Keychain."""

import flet_secure_storage as fs

from fieldapp.adapters.settling import settle_alone

# By its own default the plugin erases everything at the first error: the key of all unsent reports.
ANDROID = fs.AndroidOptions(reset_on_error=False)
# Readable after the first unlocking since the phone started; not moved to another by a backup.
IOS = fs.IOSOptions(accessibility=fs.KeychainAccessibility.FIRST_UNLOCK_THIS_DEVICE)


class FletSafe:
    """Port Safe. Holds its service in a field: flet unregisters one that nothing refers to."""

    def __init__(self) -> None:
        self._service = fs.SecureStorage(android_options=ANDROID, ios_options=IOS)

    async def get(self, name: str) -> str | None:
        try:
            kept: object = await self._service.get(name)
        except Exception as error:
            raise OSError(str(error)) from error
        if kept is None or isinstance(kept, str):
            return kept
        raise OSError("the safe gave no text")

    async def put(self, name: str, text: str | None) -> None:
        try:
            if text is None:
                await self._service.remove(name)
            else:
                await self._service.set(name, text)
        except Exception as error:
            raise OSError(str(error)) from error

    async def settle(self, name: str, text: str) -> str:
        return await settle_alone(self, name, text)
