"""Names beside a form of address, a mask or a home: 王老师, 时老师家, 李某, 王工, 张家."""

import re
from collections.abc import Iterator

from contract.anchored_pattern import anchored
from contract.given_names import NAME_LIKE, NAME_SIGNS
from contract.late_patterns import compiled_later
from contract.name_edges import BEGIN, BEGIN_CLEARLY, END, HAN
from contract.place_words import HOME, SHOP, SHOP_BESIDE
from contract.surnames import (
    BEGINS_LIKE_NAME,
    DOUBLE_SURNAMES,
    ENDS_IN_SURNAME,
    NOT_A_FAMILY,
    NOT_A_HOME,
    NOT_IN_NAMES,
    RARE_SURNAMES,
    SURNAMES,
    WHOLE_BEFORE,
)

StartEnd = tuple[int, int]

SURNAME = f"(?:{'|'.join(DOUBLE_SURNAMES)}|[{SURNAMES}])"
# 李某 and 王X, but not 某小区, nor X村.
MASK = (
    "(?:某某|某(?!小区|[楼店处日天时年月地市旗县镇村街路校个些种位名单公机学])"
    "|[X×*○〇◯]{1,2}(?![A-Z0-9*○村镇乡路街区县]))"
)
# Shops are named by these as well: 李师傅汽修, 沪上阿姨奶茶.
SHOP_TITLE = (
    "(?:先生|女士|小姐|太太|阿姨|叔叔|大妈|大爷|大叔|大姐|大哥|大嫂|奶奶|爷爷|伯伯|妈妈|爸爸|师傅|"
    "老板娘?|医生|大夫|婆婆|姥姥|舅舅|姑姑)"
)
TITLE = (
    f"(?:老师傅?|教师|讲师|导师|{SHOP_TITLE}|家长|同学|校长|园长|院长|班?主任(?!务)|教练|教授|"
    f"助教|助理"
    "|总?经理|主管|会计|护士|律师|书记|支书|局长|科长|股长|站长|处长|部长|所长|镇长|乡长|村长|"
    "社长|会长|店长|厂长|队长|组长|班长|主席|秘书|警官|干事|司机|外婆|外公|姨妈|姑妈|舅妈|小朋友|"
    "宝宝|博士|教官|指导员?|保安|保洁|门卫|厨师|阿婆|阿公|大伯|大舅|姐夫|氏?夫[妇妻]|工程师|师母|馆长|设计师|"
    "总监(?!督)|主编(?!辑)|法官|掌柜|行长|董事长|裁缝|大厨|月嫂|师[兄姐弟]|老爷子|老太爷)"
)
_SHORT = (
    "[大二三四五六老小]?[姐哥叔姨婶嫂](?![弟妹])|大娘|老太太?|老汉|老头|[麻胖瘦瞎聋拐秃]子|[二三]娘|姓(?![名氏])"
    f"|[工总](?!{HAN})|(?:总(?![是有要没不])|工){END}"
)
_BRIEF = f"[老妈爸爷奶伯姑舅局科队所处校导董]{END}"  # only where a name can begin

_SURNAME_SIGNS = SURNAMES + RARE_SURNAMES + "".join(name[0] for name in DOUBLE_SURNAMES)
_TITLED = anchored(
    _SURNAME_SIGNS,
    f"(?=(?P<surname>{SURNAME}|{BEGIN_CLEARLY}[{RARE_SURNAMES}])"
    f"(?P<given>{HAN}{{0,2}}?|{MASK})(?P<title> ?{TITLE}(?:{HOME})?|{HOME})"
    f"|(?P<lone>{SURNAME}|{BEGIN_CLEARLY}[{RARE_SURNAMES}](?=[某×*○〇◯]))"
    f"(?P<mark>{MASK}|{_SHORT})"
    f"|{BEGIN}(?P<called>{SURNAME})(?P<brief>{_BRIEF}))",
)
_SHOP_TITLE = compiled_later(
    f"{SHOP_TITLE}?(?:{HOME})?|[大二三四五六老小]?[姐哥叔姨婶嫂]|大娘|老太太?|老汉|老头|[麻胖瘦瞎聋拐秃]子|[二三]娘"
)
_ACTING = "代支"
_SHOP = compiled_later(SHOP)
_SHOP_BESIDE = compiled_later(SHOP_BESIDE)
_SIGNS = "".join(sorted(NAME_SIGNS | NAME_LIKE))
# Each with characters of which a text must contain one, or it need not be searched.
_ELSE = tuple(
    (frozenset(begins), compiled_later(pattern))
    for begins, pattern in (
        ("姓", f"(姓{SURNAME}名(?!字|叫|称|单){HAN}{{1,2}}?)(?:{END})"),
        ("姓", f"((?<!百)姓(?:{SURNAME}|[{RARE_SURNAMES}](?:(?=的)|(?![一-鿿]))))(?![名氏村镇家])"),
        (
            "师妈爸姐同",
            "(?<![A-Z0-9])((?!VIP|ABC|PPT|KET|PET|RAZ|STEA?M|APP|KTV|LED|OFFICE)[A-Z]{3,12} ?"
            "(?:老师|妈妈|爸爸|姐姐?(?![弟妹])|同学))",
        ),
        ("RSH", "(?<![A-Z])((?:MRS?|MS|MISS|TEACHER)[. ]{1,2}[A-Z]{2,12}(?:[ ][A-Z]{2,12})?)"),
        ("*×○〇◯X", f"({SURNAME}[*×○〇◯X]{HAN}){END}"),
        ("*○〇", f"(?<![A-Z0-9*○〇])([*○〇]{{1,2}}[{_SIGNS}]{{1,2}}){END}"),
        ("师", "(?<![A-Z0-9])([A-Z] ?老师)(?!傅)"),
        ("L", f"({SURNAME} ?LAO ?SHI)(?![A-Z])"),
        ("S", f"({SURNAME} ?SIR)(?![A-Z])"),
    )
)


def is_shop(text: str, name_end: int) -> bool:
    """Whether what follows a name makes it the name of a shop."""
    return bool(_SHOP.match(text, name_end))


def find_titled(text: str) -> Iterator[StartEnd]:
    for found in _TITLED.finditer(text):
        start = found.start()
        if _ends_a_word(text, start):
            continue
        if found["surname"]:
            yield from _titled(text, start, found)
        elif found["lone"]:
            yield from _marked(text, start, found)
        elif found["called"] + found["brief"][0] not in BEGINS_LIKE_NAME:
            yield start, found.end("brief")
    signs = frozenset(text)
    for begins, pattern in _ELSE:
        if not begins.isdisjoint(signs):
            yield from (found.span(1) for found in pattern.finditer(text))


def _titled(text: str, start: int, found: re.Match[str]) -> Iterator[StartEnd]:
    end, given, title = found.end("title"), found["given"], found["title"].lstrip()
    called = text[start - 1 : start] in ("老", "小", "大", "阿") and given in ("", "子", "儿")
    if not called and not _is_titled(found["surname"], given, title):
        return
    if given and found["surname"] in RARE_SURNAMES and NAME_SIGNS.isdisjoint(given):
        return
    if found["surname"] in _ACTING and not title.startswith("老师"):  # 代主任, 支队长
        return
    if given.endswith("学") and title == "家":  # 古学家
        return
    if given in ("", "家") and title.startswith("家") and found["surname"] in NOT_A_FAMILY:
        return
    is_brand = title == "老师" and _SHOP_BESIDE.match(text, end)  # 田老师红烧肉
    if not is_brand and not (_SHOP_TITLE.fullmatch(title) and is_shop(text, end)):
        yield start - called, end


def _marked(text: str, start: int, found: re.Match[str]) -> Iterator[StartEnd]:
    mark, end = found["mark"], found.end("mark")
    if found["lone"] + mark[0] in BEGINS_LIKE_NAME:
        return
    if not (_SHOP_TITLE.fullmatch(mark) and is_shop(text, end)):
        yield start, end


def _ends_a_word(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start]
    if before.endswith(tuple(WHOLE_BEFORE)):
        return False
    counted = text[start : start + 1] == "余" and before[-1:].isdecimal()  # 10余家
    return counted or text[max(0, start - 1) : start + 1] in ENDS_IN_SURNAME


def _is_titled(surname: str, given: str, title: str) -> bool:
    if any(c in NOT_IN_NAMES for c in given):
        return False
    if (surname + given)[:2] in BEGINS_LIKE_NAME and not is_given_name(given):
        return False
    if not title.startswith("家") or title == "家长":
        return True
    return given[-1] not in NOT_A_HOME if given else surname not in NOT_A_FAMILY


def is_given_name(given: str) -> bool:
    """Whether two characters look like a given name whatever stands before them: 子涵."""
    return len(given) == 2 and given[1] in NAME_SIGNS and (given[0] in NAME_SIGNS | NAME_LIKE)
