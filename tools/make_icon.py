"""Draw the icon and the splash, so that the mark can be changed by changing a number.

    .venv/bin/python -m tools.make_icon

The mark: a place (the pin), standing in its surroundings (the ring), seen and settled (the check).
White on deep green; no amber, which the screens keep for one button.
"""

import math
from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).resolve().parent.parent / "assets"
GREEN, MINT, WHITE = "#07524B", "#7ADBCE", "#FFFFFF"
GLASS = (0, 0, 0, 0)
SMOOTH = 4  # drawn this much larger, then reduced

Point = tuple[float, float]
Disc = tuple[Point, float]  # centre and radius
Fill = str | tuple[int, ...]


def disc(draw: ImageDraw.ImageDraw, centre: Point, radius: float, fill: Fill) -> None:
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def drop(draw: ImageDraw.ImageDraw, head: Disc, tip: Disc, fill: Fill) -> None:
    """The pin: two discs, one above the other, and the lines that touch both."""
    turn = math.asin((head[1] - tip[1]) / (tip[0][1] - head[0][1]))
    across, down = math.cos(turn), math.sin(turn)
    right = [(x + r * across, y + r * down) for (x, y), r in (head, tip)]
    left = [(x - r * across, y + r * down) for (x, y), r in (tip, head)]
    draw.polygon(right + left, fill=fill)
    disc(draw, *head, fill)
    disc(draw, *tip, fill)


def check(draw: ImageDraw.ImageDraw, centre: Point, radius: float, fill: Fill) -> None:
    shape = ((-0.36, 0.03), (-0.09, 0.30), (0.38, -0.25))
    points = [(centre[0] + x * radius, centre[1] + y * radius) for x, y in shape]
    width = radius * 0.23
    draw.line(points, fill=fill, width=round(width))
    for point in points:
        disc(draw, point, width / 2, fill)


def mark(side: int, share: float, pin: str, ring: str) -> Image.Image:
    """The mark alone on glass; `share` is its height as a part of the side."""
    size = side * SMOOTH
    image = Image.new("RGBA", (size, size), GLASS)
    draw = ImageDraw.Draw(image)
    height = size * share
    radius, centre = height * 0.36, size / 2
    head, end = (centre, (size - height) / 2 + radius), radius * 0.12
    tip = (centre, (size + height) / 2 - radius * 0.36)
    wide, deep, halo = radius * 0.98, radius * 0.36, radius * 0.15
    draw.ellipse(
        (centre - wide, tip[1] - deep, centre + wide, tip[1] + deep),
        outline=ring,
        width=round(radius * 0.14),
    )
    # The ring passes behind the pin and in front of its foot.
    front = image.crop((0, round(tip[1]), size, size))
    drop(draw, (head, radius + halo), (tip, end + halo), GLASS)
    image.paste(front, (0, round(tip[1])))
    drop(draw, (head, radius), (tip, end), pin)
    disc(draw, head, radius * 0.67, GLASS)
    check(draw, head, radius, pin)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def tile(side: int, share: float, corner: float = 0.0) -> Image.Image:
    """The mark on its green ground, square for systems that cut the shape themselves."""
    ground = Image.new("L", (side * SMOOTH, side * SMOOTH), 0)
    box = (0, 0, side * SMOOTH - 1, side * SMOOTH - 1)
    ImageDraw.Draw(ground).rounded_rectangle(box, corner * side * SMOOTH, fill=255)
    image = Image.new("RGBA", (side, side), GLASS)
    green = Image.new("RGBA", (side, side), GREEN)
    image.paste(green, mask=ground.resize((side, side), Image.Resampling.LANCZOS))
    image.alpha_composite(mark(side, share, WHITE, MINT))
    return image if corner else image.convert("RGB")


def pictures() -> dict[str, Image.Image]:
    return {
        "icon.png": tile(1024, 0.68),
        # Android shows the inner two thirds of this one, cut to the launcher's shape.
        "icon_android.png": tile(512, 0.46),
        "splash.png": mark(768, 0.62, GREEN, GREEN),
        "splash_dark.png": mark(768, 0.62, MINT, MINT),
        # What a browser shows; these names replace the framework's own pictures.
        "favicon.png": tile(64, 0.86, corner=0.2),
        "icons/icon-192.png": tile(192, 0.68, corner=0.2),
        "icons/icon-512.png": tile(512, 0.68, corner=0.2),
        "icons/icon-maskable-192.png": tile(192, 0.56),
        "icons/icon-maskable-512.png": tile(512, 0.56),
        "icons/apple-touch-icon-192.png": tile(192, 0.68),
        "icons/loading-animation.png": tile(400, 0.68, corner=0.2),
    }


def main() -> None:
    for name, picture in pictures().items():
        path = ASSETS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        few = picture.quantize(128, method=Image.Quantize.FASTOCTREE)  # flat colours: a third
        few.save(path, optimize=True)
        print(f"assets/{name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
