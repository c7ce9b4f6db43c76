"""The console: where a supervisor reads what workers saw, and decides. Pages by user action."""

from sync_server.console.all_pages import all_pages

__all__ = ["all_pages"]
