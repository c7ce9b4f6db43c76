"""Delivers what is sealed and collects what was decided, when there is a network."""
