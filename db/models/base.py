"""What all tables share: how ids, moments and names of constraints are kept."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    String,
)
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

_WITHOUT_ZONE = len("2026-11-28 16:47:53.000000")


@lru_cache(maxsize=256)  # the moment of a turn stands in most of what it writes
def _written(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def _read(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


class _OnSqlite(DATETIME):
    """What SQLAlchemy's own type writes on SQLite, in a third of the time: each update writes a dozen moments."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002 - the base's signature
        return _written

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002
        return _read

    def literal_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002
        return lambda moment: f"'{_written(moment)}'"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, also on SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return _OnSqlite()  # type: ignore[no-untyped-call]  # SQLAlchemy's own has no types there
        return super().load_dialect_impl(dialect)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        bytes: LargeBinary,
        datetime: UtcDateTime,
        str: String(64),
    }


def row_id() -> Mapped[int]:
    """Return a primary key that is known before the row is written (db/ids.py)."""
    return mapped_column(primary_key=True, autoincrement=False)
