"""How much room a screen has: the window, and how large the worker has set the letters."""

from dataclasses import dataclass, replace

LEAST_LINES = 22  # of body text in the height; with fewer, buttons that stay leave no list
LEAST_WIDTH = 200  # for three tiles in a row, in letters of the usual size
LINE = 18
WIDEST = 520  # on a desk the phone stays a phone


@dataclass(frozen=True, slots=True)
class Viewport:
    """Width and height in logical pixels; `letters` is the system's text size, 1 as it comes."""

    width: float = 390
    height: float = 844
    letters: float = 1

    @property
    def cramped(self) -> bool:
        """Head and body scroll as one, and only the next step stays below."""
        return self.height / (LINE * self.letters) < LEAST_LINES

    @property
    def column(self) -> float:
        """What the app takes of the width."""
        return min(self.width, WIDEST)

    @property
    def across(self) -> int:
        """Tiles in a row, at most."""
        return 2 if self.width / self.letters < LEAST_WIDTH else 3

    def resized(self, width: float, height: float) -> "Viewport":
        """A window that gets lower and no narrower has a keyboard in it: the screen behind it
        stays as it is, or the field that is being written into would be another one."""
        if width == self.width:
            height = max(height, self.height)
        return replace(self, width=width, height=height)

    def lettered(self, letters: float) -> "Viewport":
        return replace(self, letters=letters)
