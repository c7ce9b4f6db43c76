"""Implementations of the ports; one file imports each library (tests/test_architecture.py)."""
