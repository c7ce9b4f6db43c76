"""Dumb parts: values in, controls out. They know no state and no screen."""
