"""Phones and duty posts: one-time codes, tokens, passwords."""
