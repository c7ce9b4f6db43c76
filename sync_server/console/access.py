"""What each route of the console asks of whoever opens it (rule L10): one that declares nothing
keeps the server from starting."""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from sync_server.domain.roles import Permission

Endpoint = Callable[..., Any]
E = TypeVar("E", bound=Endpoint)
_DECLARED: WeakKeyDictionary[Endpoint, Permission | None] = WeakKeyDictionary()
_BY_SCRIPT: WeakSet[Endpoint] = WeakSet()


class UndeclaredRoute(Exception):
    """A route of the console says neither what it needs nor that it is open to all."""


def needs(permission: Permission) -> Callable[[E], E]:
    """Written below `@router.get(…)`: only a signed-in duty post with this permission comes in."""

    def declare(endpoint: E) -> E:
        _DECLARED[endpoint] = permission
        return endpoint

    return declare


def open_to_all(endpoint: E) -> E:
    """Written below `@router.get(…)`: nobody need be signed in."""
    _DECLARED[endpoint] = None
    return endpoint


def asked_by_script(endpoint: E) -> E:
    """Written below `@needs(…)`: a page asks this by itself, again and again. It keeps no session
    alive, and leads nobody to the sign-in."""
    _BY_SCRIPT.add(endpoint)
    return endpoint


def is_asked_by_script(endpoint: Endpoint) -> bool:
    return endpoint in _BY_SCRIPT


def need_of(endpoint: Endpoint) -> Permission | None:
    """The permission that a route needs; None if it is open to all. Raises UndeclaredRoute."""
    if endpoint not in _DECLARED:
        raise UndeclaredRoute(f"{endpoint.__module__}: {endpoint.__qualname__}")
    return _DECLARED[endpoint]
