"""Finds in folded text the ways in which a note names a person: 王老师, 李某, 姓名:…, 王家.

A surname alone proves nothing (高中, 主任, 国家), so a name needs a title, a label or 家 beside it.
"""

import re
from collections.abc import Iterator

from contract.surnames import (
    BEGINS_LIKE_NAME,
    DOUBLE_SURNAMES,
    ENDS_IN_SURNAME,
    MONGOLIAN,
    NOT_A_FAMILY,
    NOT_A_HOME,
    NOT_A_NAME,
    NOT_IN_NAMES,
    SURNAMES,
    WHOLE_BEFORE,
)

StartEnd = tuple[int, int]

_HAN = "[一-鿿㐀-䶿]"
_SURNAME = f"(?:{'|'.join(DOUBLE_SURNAMES)}|[{SURNAMES}])"
_MONGOL = f"(?:{'|'.join(MONGOLIAN)}){{1,3}}"
# 李某 and 王X, but not 某小区, nor X村.
_MASK = (
    "(?:某某|某(?!小区|[楼店处日天时年月地市旗县镇村街路校个些种位名单公机学])"
    "|[X×*]{1,2}(?![A-Z0-9*村镇乡路街区县]))"
)
# Not a home when it goes on as another word (家长, 家教), as a place (王家庄, 李家村) or with the
# house number of a hamlet (马家126号).
_HOME = (
    "家(?![庭长具电政教乡园居属访校用装务禽畜家土庄村沟屯梁湾峁塔界口港营堡寨店坡圪窑河滩坪岭洼"
    "畔墕渠壕镇街巷路桥沱坝墩台沙山岗庵坞井埭洋棚角畈斗浜横尖汇弄车嘴咀圩塘浦泾渡冲坊坑岩峪垴庙油]"
    "|[楼前后]村|[一二三四五六]路|大院小区|[0-9]+[号组](?!楼))[里中]?"
)
_TITLE = (
    "(?:老师傅?|教师|先生|女士|小姐|太太|阿姨|叔叔|大妈|大爷|大叔|大姐|大哥|奶奶|爷爷|伯伯|妈妈|爸爸"
    "|家长|同学|校长|园长|院长|班?主任(?!务)|教练|教授|助教|师傅|老板|经理|会计|医生|大夫|律师|书记"
    "|局长|科长|股长|站长)"
)
_SHORT = f"[姐哥叔姨婶嫂](?![弟妹])|[总工](?!{_HAN})|总(?=[家说在来和的])|姓(?![名氏])"
_WHO = (
    "(?:姓名|名字|学生|孩子|家长|户主|房东|业主|租客|租户|老师(?!傅)|教师|负责人|联系人|举报人"
    "|当事人|法人代表|法人|老板|店主|校长|园长|班主任|授课人)"
)
_NAME = f"(?P<surname>{_SURNAME})(?P<given>{_MASK}|{_HAN}{{1,2}})"

_TITLED = re.compile(
    f"(?=(?P<surname>{_SURNAME})(?P<given>{_HAN}{{0,2}}?|{_MASK})"
    f"(?P<title>{_TITLE}(?:{_HOME})?|{_HOME})"
    f"|(?P<lone>{_SURNAME})(?P<mark>{_MASK}|{_SHORT}))"
)
_SAID = re.compile(f"(?:{_WHO} ?[:=是为叫] ?|(?:姓名|名字) ?|名?叫(?:做|作)? ?){_NAME}")
_BESIDE = re.compile(f"{_WHO} ?{_NAME}")
_NOBODY = f"(?!{'|'.join(f'{_HAN}{{0,5}}{word}' for word in NOT_A_NAME)})"
_MONGOL_BEGINS = frozenset(name[0] for name in MONGOLIAN)
# Each with characters of which a text must contain one, or it need not be searched.
_ELSE = tuple(
    (frozenset(begins), re.compile(pattern))
    for begins, pattern in (
        ("姓", f"((?<!百)姓{_SURNAME})(?![名氏村镇家])"),
        (_MONGOL_BEGINS, f"({_MONGOL}(?:{_TITLE}(?:{_HOME})?|{_HOME}))"),
        (_MONGOL_BEGINS, f"(?:{_WHO} ?[:=是为叫]?|名?叫(?:做|作)?) ?({_MONGOL})"),
        ("师", "(?<![A-Z0-9])((?!VIP|ABC|PPT|KET|PET|RAZ|STEA?M|APP)[A-Z]{3,12} ?老师)"),
        (
            ":=",
            f"(?:姓名|名字|户主|联系人|负责人|举报人|当事人) ?[:=] ?"
            f"({_NOBODY}{_HAN}{{2,7}})(?!{_HAN})",
        ),
    )
)
_SCHOOL = re.compile(
    f"{_HAN}{{0,6}}?(?:托管|教育|培训|中心|学校|书院|学堂|工作室|辅导|幼儿园|机构|俱乐部|艺术|自习)"
)
# After a name that only stands beside a label: nothing, or a word that a sentence goes on with.
_AFTER = re.compile(
    f"(?!{_HAN})|[的说在家是有给也都和与及电手住称讲为开租于把被让来去不从就已刚正每]"
)
_MOST_FREQUENT = "王李张刘陈杨赵吴"


def find_persons(text: str) -> Iterator[StartEnd]:
    """Start and end (exclusive) of everything in the text that names a person. `text` is that of a
    `FoldedText`; the findings may overlap."""
    yield from _titled(text)
    yield from _labelled(text)
    for begins, pattern in _ELSE:
        if not begins.isdisjoint(text):
            yield from (found.span(1) for found in pattern.finditer(text))


def _titled(text: str) -> Iterator[StartEnd]:
    for found in _TITLED.finditer(text):
        start = found.start()
        if _ends_a_word(text, start):
            continue
        if found["lone"]:
            if found["lone"] + found["mark"][0] not in BEGINS_LIKE_NAME:
                yield start, found.end("mark")
        elif _is_titled(found["surname"], found["given"], found["title"]):
            called = text[start - 1 : start] in ("老", "小") and not found["given"]
            yield start - called, found.end("title")


def _ends_a_word(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start]
    if before.endswith(tuple(WHOLE_BEFORE)):
        return False
    counted = text[start : start + 1] == "余" and before[-1:].isdecimal()  # 10余家
    return counted or text[max(0, start - 1) : start + 1] in ENDS_IN_SURNAME


def _is_titled(surname: str, given: str, title: str) -> bool:
    if (surname + given)[:2] in BEGINS_LIKE_NAME or any(c in NOT_IN_NAMES for c in given):
        return False
    if not title.startswith("家") or title == "家长":
        return True
    return given[-1] not in NOT_A_HOME if given else surname not in NOT_A_FAMILY


def _labelled(text: str) -> Iterator[StartEnd]:
    for pattern in (_SAID, _BESIDE):
        for found in pattern.finditer(text):
            surname, given = found["surname"], found["given"]
            if given[0] in NOT_IN_NAMES or surname + given[0] in BEGINS_LIKE_NAME:
                continue
            end = found.end() - (given[-1] in NOT_IN_NAMES)
            start = found.start("surname")
            if pattern is _SAID and _SCHOOL.match(text, start):
                continue
            is_sure = pattern is _SAID or (surname in _MOST_FREQUENT and len(given) == 2)
            if is_sure or _AFTER.match(text, end):
                yield start, end
