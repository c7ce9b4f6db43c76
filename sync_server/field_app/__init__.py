"""Gives phones the field app for their browser, where it was built beside this server."""
