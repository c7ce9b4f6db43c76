"""What screens see and may do: one observable value with verbs, in parts by what they are about."""

from fieldapp.state.field import FieldState
from fieldapp.state.kit import Finder, Kit

__all__ = ["FieldState", "Finder", "Kit"]
