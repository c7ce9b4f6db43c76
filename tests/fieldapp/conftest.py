"""Phones without screens: on a real notebook and on the fake, which must not differ."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.ports import Notebook
from tests.fieldapp.a_bureau import Phone
from tests.fieldapp.fakes import FakeNotebook


@pytest.fixture(params=["sqlite", "fake"])
def notebook(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Notebook]:
    if request.param == "fake":
        yield FakeNotebook()
        return
    book = SqliteNotebook(tmp_path / "notebook.db")
    yield book
    book.close()


@pytest.fixture
def phone(notebook: Notebook) -> Phone:
    return Phone(notebook)


@pytest.fixture
def light() -> Phone:
    """On the fake notebook only, for tests with many parcels or a full disk."""
    return Phone(FakeNotebook())
