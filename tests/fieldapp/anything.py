"""Any value that a plugin of flet may hand over, whatever its types promise."""

from datetime import UTC, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from([2**31, -1, 10**400, 100.5, 1e308]),
    st.text(max_size=9),
    st.binary(max_size=9),
    st.datetimes(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone.min, timezone.max])),
    st.decimals().map(Decimal),
    st.builds(object),
)
RAISED = st.sampled_from(
    [RuntimeError(), OverflowError(), KeyError("x"), TypeError("denied"), TimeoutError()]
)
ANYTHING = st.one_of(
    SCALARS,
    RAISED,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.text(max_size=3), SCALARS, max_size=2),
)


def answering(*names: str, answer: object) -> Any:
    """A plugin whose methods of these names give this answer, or raise it."""

    async def method(*_: object, **__: object) -> object:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return SimpleNamespace(**dict.fromkeys(names, method))
