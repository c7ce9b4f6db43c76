"""How the app looks and speaks: theme, words, manual, and the size of its window."""
