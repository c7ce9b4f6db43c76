"""What every table shares: the metadata, the bureau key, and aware times on both engines."""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Dialect, MetaData, String, TypeDecorator

metadata = MetaData()


class Utc(TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite has no time zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def bureau_key() -> Column[str]:
    """The first column of every key, so that PostgreSQL can be distributed by it."""
    return Column("bureau", String(12), primary_key=True)
