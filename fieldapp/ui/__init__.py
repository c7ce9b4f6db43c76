"""How the app looks and speaks: theme, words, manual, viewport."""
