"""What a phone keeps to look things up in: code lists, compounds, and the bureau's other lists."""

from typing import TypeVar

from contract import wire
from contract.codelists import CodeLists, built_in
from contract.reference import Places, Reference
from contract.value import Value
from fieldapp.memory.notices import SeenNotices
from fieldapp.ports import Notebook

V = TypeVar("V", bound=Value)


class Lookups:
    """Typed names over the notebook's memory, for what the bureau sends whole."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def places(self) -> Places:
        return self._read("places", Places) or Places(version="")

    def keep_places(self, places: Places) -> None:
        self._write("places", places)

    def keep_reference_data(self, places: Places | None, news: Reference | None) -> None:
        """What a reply brought. A bureau that sends compounds and no edition knows of none."""
        if places:
            self.keep_places(places)
        if news:
            self._write("reference", self.reference().renewed(news))
        if places or news:
            self._notebook.remember("edition", news.version if news else None)

    def reference(self) -> Reference:
        """The lists as they are here, each in its last version."""
        return self._read("reference", Reference) or Reference(version="")

    def edition(self) -> str:
        """What this phone holds of the bureau's ground, by the name that the bureau understands."""
        if held := self._notebook.remembered("edition"):
            return held
        places = self.places()
        # This app had no eyes for the other lists when the compounds came: all of it once more.
        return "" if places.edition else places.version

    def seen(self) -> SeenNotices:
        return self._read("seen", SeenNotices) or SeenNotices()

    def keep_seen(self, seen: SeenNotices) -> None:
        self._write("seen", seen)

    def lists(self) -> CodeLists:
        return self._read("codelists", CodeLists) or built_in()

    def keep_lists(self, lists: CodeLists) -> None:
        self._write("codelists", lists)

    def _read(self, name: str, model: type[V]) -> V | None:
        text = self._notebook.remembered(name)
        return wire.decode(model, text.encode()) if text is not None else None

    def _write(self, name: str, value: Value | None) -> None:
        text = wire.encode(value).decode() if value is not None else None
        self._notebook.remember(name, text)
