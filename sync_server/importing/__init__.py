"""Imports the lists that offices keep in spreadsheets and maps: a whole file or nothing of it."""
