"""A PostgreSQL for the campaigns that want one."""

from tests.postgres import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]
