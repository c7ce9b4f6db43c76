"""The manual inside the app: short, in both languages, readable without a network."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from contract import wire

Topics = Mapping[str, Mapping[str, Sequence[str]]]  # topic, language: its title and its lines


@cache
def topics() -> Topics:
    loaded: Topics = wire.parse_json(files("fieldapp.ui").joinpath("manual.json").read_bytes())
    return loaded
