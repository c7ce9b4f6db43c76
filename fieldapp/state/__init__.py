"""What screens see and may do: one state, composed of parts by what they are about."""

from fieldapp.state.field import FieldState
from fieldapp.state.kit import Kit, ViewfinderCamera

__all__ = ["FieldState", "Kit", "ViewfinderCamera"]
