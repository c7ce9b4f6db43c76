"""One memory of compiled statements for the engines of all worlds."""

from sqlalchemy import Engine

_FIRST: dict[str, Engine] = {}


def compiled_once(engine: Engine) -> Engine:
    """All engines of one kind compile a statement once: else that is what a world costs most."""
    kind = engine.dialect.name
    known = _FIRST.setdefault(kind, engine)
    engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
    return engine
