"""The console: web pages on which officers read records and decide. One file for each action."""

from sync_server.console.all_pages import all_pages, refusal_page

__all__ = ["all_pages", "refusal_page"]
