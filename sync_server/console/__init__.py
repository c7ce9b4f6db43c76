"""The console: where a supervisor reads what workers saw, and decides. Pages by user action."""

from sync_server.console.rooms import rooms

__all__ = ["rooms"]
