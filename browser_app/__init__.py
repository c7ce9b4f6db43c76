"""Builds the field app that runs inside a phone's browser: `make app`."""
