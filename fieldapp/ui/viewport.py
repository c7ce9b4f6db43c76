"""The size of the window, and how large the system's text is in it."""

from dataclasses import dataclass, replace

LEAST_LINES = 22  # of body text in the height; with fewer, fixed buttons leave no place for a list
LEAST_WIDTH = 200  # for three tiles in a row, in text of the usual size
LINE = 18
MOST_PIXELS, MOST_SCALE = 100_000, 20  # more is no screen
WIDEST = 520  # in a larger window the app keeps the shape of a phone


@dataclass(frozen=True, slots=True)
class Viewport:
    """Width and height in logical pixels; `text_scale` is the system's text size, 1 as it comes."""

    width: float = 390
    height: float = 844
    text_scale: float = 1

    @property
    def cramped(self) -> bool:
        """Head and body scroll as one, and only the next step stays below."""
        return self.height / (LINE * self.text_scale) < LEAST_LINES

    @property
    def column(self) -> float:
        """The width that the app uses."""
        return min(self.width, WIDEST)

    @property
    def across(self) -> int:
        """The most tiles in a row."""
        return 2 if self.width / self.text_scale < LEAST_WIDTH else 3

    def resized(self, width: float, height: float) -> "Viewport":
        """A window that gets lower but no narrower has opened its keyboard: the height stays as it
        was, for another layout would replace the field that is being typed into. What is no size,
        as a client may report, changes nothing."""
        if not (is_size(width, MOST_PIXELS) and is_size(height, MOST_PIXELS)):
            return self
        if width == self.width:
            height = max(height, self.height)
        return replace(self, width=width, height=height)

    def with_text_scale(self, scale: float) -> "Viewport":
        return replace(self, text_scale=scale) if is_size(scale, MOST_SCALE) else self


def is_size(value: object, most: float) -> bool:
    """True for a number above 0 and up to `most`."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most
