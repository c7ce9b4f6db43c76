"""Invented pictures to play with: a stair entrance in the evening with a leaflet on its wall."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = Path(__file__).parent.parent / "assets/assets/fonts/NotoSansSC-Bold.ttf"
SIZE = (1600, 1200)
LEAFLETS = (("示例托管", "作业辅导 · 晚托", "招生中"), ("样例自习室", "周末开放", "名额有限"))


def entrance(leaflet: int = 0) -> bytes:
    """One JPEG of 1,600 x 1,200 px, the same bytes for the same leaflet."""
    scene = _dusk()
    _building(ImageDraw.Draw(scene))
    _lamp(scene)
    _leaflet(ImageDraw.Draw(scene), LEAFLETS[leaflet % len(LEAFLETS)])
    _passers_by(scene)
    out = BytesIO()
    scene.save(out, "JPEG", quality=88)
    return out.getvalue()


def _dusk() -> Image.Image:
    sky = Image.linear_gradient("L").resize(SIZE)
    return Image.merge("RGB", [sky.point([int(a + (b - a) * v / 255) for v in range(256)])
                               for a, b in ((38, 122), (52, 104), (74, 96))])  # fmt: skip


def _building(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((120, 80, 1480, 1050), fill=(112, 96, 84))
    for row in range(3):
        for column in range(6):
            x, y = 190 + column * 220, 130 + row * 170
            lit = (row * 5 + column * 3) % 4 == 0
            draw.rectangle((x, y, x + 120, y + 100), fill=(232, 196, 120) if lit else (52, 58, 66))
    draw.rectangle((0, 1050, 1600, 1200), fill=(70, 70, 68))
    draw.rectangle((640, 660, 900, 1050), fill=(58, 74, 72))
    draw.rectangle((664, 690, 764, 1050), fill=(78, 98, 94))
    draw.rectangle((776, 690, 876, 1050), fill=(78, 98, 94))


def _lamp(scene: Image.Image) -> None:
    glow = Image.new("L", SIZE, 0)
    ImageDraw.Draw(glow).ellipse((430, 420, 1110, 1060), fill=120)
    glow = glow.filter(ImageFilter.GaussianBlur(120))
    scene.paste(Image.new("RGB", SIZE, (255, 222, 160)), mask=glow)


def _leaflet(draw: ImageDraw.ImageDraw, lines: tuple[str, ...]) -> None:
    draw.rectangle((960, 690, 1300, 960), fill=(250, 246, 232), outline=(160, 40, 30), width=8)
    for n, (line, size) in enumerate(zip(lines, (58, 36, 44), strict=True)):
        font = ImageFont.truetype(FONT, size)
        draw.text((1130, 750 + n * 75), line, (150, 30, 24), font=font, anchor="mm")
    draw.text((770, 640), "3号楼 2单元", (240, 236, 220), ImageFont.truetype(FONT, 44), anchor="mm")


def _passers_by(scene: Image.Image) -> None:
    """Two shapes whose heads a worker has to mask; nobody's likeness."""
    draw = ImageDraw.Draw(scene)
    for x, tall, coat in ((330, 330, (52, 66, 110)), (470, 260, (128, 60, 60))):
        draw.rounded_rectangle((x - 55, 1120 - tall, x + 55, 1130), 40, fill=coat)
        draw.ellipse((x - 42, 1020 - tall, x + 42, 1120 - tall), fill=(206, 170, 146))
