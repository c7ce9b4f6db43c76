"""The words of an address that say what a number numbers, with the ways they are mistyped."""

import re
from enum import IntEnum, StrEnum

from contract.numerals import CHINESE_FIGURES


class DoorPart(IntEnum):
    """The four parts of a door, from the largest to the smallest."""

    BUILDING = 0
    UNIT = 1
    FLOOR = 2
    ROOM = 3


class WordKind(StrEnum):
    """What the word beside a number says; BARE for a number without a word."""

    BUILDING = "building"
    ROW = "row"  # 排: a row of village houses
    UNIT = "unit"
    GATE = "gate"  # 号门: of a building an entrance, else a gate of the area
    LANE = "lane"  # 街: between the stalls of a hall
    SHOP = "shop"  # 底商: entered from the street, at the foot of a building
    FLOOR = "floor"
    ROOM = "room"
    HOUSE = "house"  # 号: a building, an entrance or a room, by what stands around it
    BARE = "bare"


PART_OF: dict[WordKind, DoorPart | None] = {
    WordKind.BUILDING: DoorPart.BUILDING,
    WordKind.ROW: DoorPart.BUILDING,
    WordKind.UNIT: DoorPart.UNIT,
    WordKind.LANE: DoorPart.UNIT,
    WordKind.SHOP: DoorPart.UNIT,
    WordKind.FLOOR: DoorPart.FLOOR,
    WordKind.ROOM: DoorPart.ROOM,
    WordKind.GATE: None,
    WordKind.HOUSE: None,
    WordKind.BARE: None,
}

FIGURES = f"[0-9]{{1,5}}|[{CHINESE_FIGURES}]{{1,7}}"
SHOP_WORDS = "底商|底店|底铺|商服|商铺|店铺|门市房?|门面房?|门脸房?"
GARAGE = "车库"

# A pinyin keyboard gives 搂 for 楼 and 懂, 动 for 栋; a scanner 撞, 憧 for 幢, 窒 for 室.
_TYPED_LOU, _TYPED_DONG = "搂喽", "懂动憧董铜"
TYPED_UNIT = "(?:单[元园员无原圆]|[但丹]元)"
_ENDS = rf"(?=$|[0-9A-Z{CHINESE_FIGURES}第#\-,./()、 底商门东西南北中]|{TYPED_UNIT})"
_USE = (
    "住宅|居民|公寓|家属|(?:学生)?宿舍|(?:学生|教师|职工|人才)公寓|职工|办公|教学|商住|商业|商务|写字"
    "|综合|科研|实验|安置|回迁"
)
OF_A_PLOT = ("号厂房", "号车间")  # behind a street 号 is the word of the plot: 示例路584号厂房
BUILDING_WORD = (
    f"[号#](?:{_USE})?[楼{_TYPED_LOU}](?!盘)|号(?:小?高层|别墅|洋房)|{'|'.join(OF_A_PLOT)}"
    f"|[号#]?(?:[栋幢撞]|[{_TYPED_DONG}]{_ENDS})楼?|[号#]座|#(?![门院线路地库])|座(?![谈位标机落])"
    "|(?<=[A-Z])厅(?=[0-9])"
)
_HOUSE = (
    "号(?![线门院路街公桥馆库厅井巷店大柜仓晚早上下中夜凌周苑园府墅邸湾岸岛城]|地(?!下)|电(?!联))"
)

# Tried in this order. The lookaheads keep out longer words that begin alike (3号线, 5层次, 2楼盘)
# and days of the month (3号晚上).
WORD = re.compile(
    " ?(?:"
    + "|".join(
        f"(?P<{kind}>{word})"
        for kind, word in (
            (WordKind.BUILDING, BUILDING_WORD),
            (WordKind.ROW, "排(?![除练查队档水])"),
            (
                WordKind.UNIT,
                f"号?{TYPED_UNIT}|单(?=[0-9])|号?门[洞栋]"
                f"|号?梯(?=$|[0-9{CHINESE_FIGURES}])(?![0-9{CHINESE_FIGURES}]{{1,3}}户)"
                f"|楼[门洞道](?=[0-9])|门(?=[0-9{CHINESE_FIGURES}]|[东西中]户|$)",
            ),
            (WordKind.GATE, "号门(?![市面脸牌诊])"),
            (WordKind.LANE, f"街(?=[0-9{CHINESE_FIGURES}]|$)"),
            (WordKind.SHOP, f"号(?:{SHOP_WORDS}|{GARAGE})(?! ?[0-9])"),
            (
                WordKind.ROOM,
                "室(?![0-9一二两三]厅)|(?<=[0-9])房(?![屋子东产源型])间?|窒|档"
                "|(?<=[0-9])(?=办公室|商铺)|号(?=店|铺|档|办公)",
            ),
            (WordKind.FLOOR, "楼层?(?![盘市道])|层(?!次)|F(?![A-Z])"),
            (WordKind.HOUSE, _HOUSE),
        )
    )
    + ")"
)
# A part of a house number: 57号之2, 57之2号, 57号附2号.
SUB_NUMBER = re.compile(rf" ?号?[之附] ?-?({FIGURES})号?")
SHOP_NUMBER = re.compile(
    rf"({SHOP_WORDS}|{GARAGE})[ -]?第?({FIGURES})(?![0-9]|-[0-9]| ?(?:号?[楼层]|[栋幢座]|单元))号?"
)
BASEMENT = re.compile("B[1-3]$")
LETTERS = re.compile("[A-Z甲乙丙丁戊]+$")

NEAR = 16  # how many characters before a number can say what it numbers

# What stands before a number and says what kind of place it is in.
STREET = re.compile("(?:[路街巷道线]|胡同|[路街道](?:[东西南北中]段?|[一二三四五六七八九]段))附?$")
SIDE = re.compile("(?:(?<![江湖海云河岭初高])[东西南北中]|[甲乙丙丁戊老旧临])$")
LANE_OF_HOUSES = re.compile("弄$")
NAME_IN_LETTERS = re.compile("[A-Z]{2}$")  # 样例SOHO, 样例广场LG
VILLAGE = re.compile("(?:(?<!新)村|庄|屯|堡|浜|坞|嘎查|营子|[组队社])$")
# Where a number may be a street's: behind a landmark (示例桥12-3-501), in the country; but 样例二村
# is a housing estate.
ROADSIDE = re.compile(
    "(?:[桥坝埭埠侧旁]|[路街巷]口|对面|隔壁|旁边|附近|交叉口|交汇处"
    "|(?<![新一二三四五六七八九十])村|嘎查|营子|[组队社屯])$"
)
COMPOUND = re.compile(
    "(?:小区|新村|家园|花园|公寓|社区|国际|公馆|名邸|天下|[苑园城府院寓期区厦墅庭弄轩阁居湾郡都])$"
)
# Where a number alone is a stall or an office: 样例市场B区63号, 样例大厦1201.
HALL = re.compile(
    "(?:市场|商[城场厦]|广场|大[厦楼]|商务楼|酒店|宾馆|中心|(?<!新)城(?!区))(?:.{1,5}区|.{,3}商铺)?$"
)
KNOWN_AREA = re.compile(f"{COMPOUND.pattern}|{VILLAGE.pattern}|{HALL.pattern}")


def shop_name(word: str, number: str) -> str:
    """The shops at the foot of one building have many names and are numbered once."""
    return (GARAGE if GARAGE in word else "底商") + number
