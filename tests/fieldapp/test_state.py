"""The state as a whole: whoever looks at it hears of each of its parts, and of nothing else."""

from pathlib import Path

import flet as ft
import pytest

from fieldapp.state.shell import StatePart
from tests.fieldapp.a_phone import Phone

pytestmark = pytest.mark.asyncio


async def test_a_change_of_any_part_is_a_change_of_the_state(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone:
        told: list[object] = []
        listener = lambda *_: told.append(1)  # noqa: E731  # kept alive: flet holds it weakly
        phone.state.subscribe(listener)
        parts = [part for part in vars(phone.state).values() if isinstance(part, StatePart)]
        assert len(parts) > 10
        for n, part in enumerate(parts):
            part.notify()  # type: ignore[no-untyped-call]  # flet ships it so
            assert len(told) == n + 1, part
            part.quietly(shell=phone.state)
            assert len(told) == n + 1, part


async def test_lock_and_upload_progress_are_rendered_apart(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone:
        told: list[object] = []
        listener = lambda *_: told.append(1)  # noqa: E731  # kept alive: flet holds it weakly
        phone.state.subscribe(listener)
        apart: tuple[ft.Observable, ...] = (phone.state.lock, phone.state.sync.progress)
        for observable in apart:
            observable.notify()  # type: ignore[no-untyped-call]  # flet ships it so
        assert told == []
