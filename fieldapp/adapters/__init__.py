"""Implementations of the ports; a library is imported by one file, see tests/test_architecture.py."""
