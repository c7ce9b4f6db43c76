"""Reads files of any format as tables of typed cells. Runs in a process of its own (`apart`): files
come from anywhere, and what parses them may need any memory and any time."""
