"""Checks the audit log and the steps of cases, and keeps anchors of them outside the database."""
