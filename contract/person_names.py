"""Names without a title or a label: 老张, 浩浩妈妈, 燕子老师, 李秀英每晚…, 乌云高娃."""

from collections.abc import Iterator

from contract.anchored_pattern import anchored
from contract.given_names import (
    MONGOLIAN,
    MONGOLIAN_PLACES,
    MONGOLIAN_SIGNS,
    NAME_LIKE,
    NAME_SIGNS,
    NO_DOUBLES,
    NO_PET_NAMES,
    SINGLE_NAMES,
    USUAL_NAMES,
)
from contract.late_patterns import compiled_later
from contract.name_edges import BEGIN, END, HAN
from contract.person_titles import TITLE, StartEnd, is_given_name, is_shop
from contract.place_words import HOME
from contract.surnames import BEGINS_LIKE_NAME, DOUBLE_SURNAMES, FREQUENT, SURNAMES

_SIGN = f"[{''.join(sorted(NAME_SIGNS))}]"
_ANY = f"[{''.join(sorted(NAME_SIGNS | NAME_LIKE))}]"
# 小高层, 老白干, 小康: with 老 or 小 these are mostly other words.
_PET_SURNAMES = "".join(
    c for c in SURNAMES if c not in "高白金石康包于卫熊龙任汤温廉时农常安万余计项景"
)
_BIG_SURNAMES = "张王李刘陈杨赵孙周吴郑徐朱胡郭"
_KIN = (
    "(?:妈妈?|爸爸?|奶奶|爷爷|姥姥|姥爷|外婆|阿姨|姐姐?|哥哥?|弟弟|妹妹|叔叔?|舅舅|姑姑|婶|嫂"
    "|[他她][妈爸])"
)
_BEFORE_PET = (
    f"(?:{BEGIN}|(?<=[下上边门里外楼头])|(?<=保安)|(?<=老师)|(?<=门卫)|(?<=[楼组店队园校格社站片元]长)"
    "|(?<=主任)|(?<=房东)|(?<=邻居)|(?<=会计)|(?<=司机)|(?<=老板)|(?<=物业)|(?<=网格员)|(?<=前台)"
    "|(?<=店员)|(?<=同事)|(?<=朋友)|(?<=亲戚)|(?<=老乡)|(?<=保洁)|(?<=助教)|(?<=志愿者)|(?<=民警)|(?<=出纳))"
)

_CALLED = anchored(
    "同家老的妈爸奶爷姥外阿姐哥弟妹叔舅姑婶嫂他她",
    f"(?P<pet>(?P<double>{_ANY})(?P=double)|[小阿大]{_ANY}|{_ANY}[子儿]|{_SIGN}{_ANY}|{_ANY}{_SIGN}"
    f"|[小大老][{SURNAMES}]子|[建志永][国军强刚平明华林文新生伟]"
    "|糖豆|豆包|果冻|布丁|元宝|柚子|土豆|芒果|汤圆|米粒|毛豆|可乐|石榴|糖果|星宝|月亮|苹果|小鹿|"
    "橙子|柠檬|草莓|西瓜|樱桃|桔子|橘子|葡萄|彩虹|阳光|雪花|熊猫|兔子|小兔|小猫)"
    f"(?P<title>同学(?!们)|家长|老师|的?{_KIN}|{HOME})",
    3,
    2,
)
_PET = anchored(
    NAME_SIGNS.union("老小大阿强军刚明", SURNAMES),
    f"{_BEFORE_PET}(?:[老小][{_PET_SURNAMES}]|大[{_BIG_SURNAMES}]|阿(?:{_ANY}|[{_PET_SURNAMES}])"
    f"|小(?:{_SIGN}|[明红军刚强宝]))(?:{END}|(?=两口|打听|商量|夫[妻妇]|媳妇|爱人|老[公婆]))(?!家)"
    f"|{BEGIN}(?!高)[{SURNAMES}][大二三四]娃{END}"
    f"|{_BEFORE_PET}老[{_PET_SURNAMES}]头|{BEGIN}老[白石金高安常温汤康](?=[说讲问]|的[儿女媳孩班爱])"
    f"|{BEGIN}[{SURNAMES}]老[大二三四五六七](?:{END}|{HOME})|(?:张三|李四|王五|赵六)(?:{END}|"
    f"{HOME})"
    f"|{BEGIN}(?:{_SIGN}|[强军刚明])[姐哥姨叔婶]{END}|{BEGIN}[娟英芳敏丽霞玲梅]子{END}"
    f"|{BEGIN}(?P<double>{_SIGN})(?P=double)(?![的地]){END}"
    f"|{BEGIN}[胖瘦][婶姐哥嫂叔]{END}|{BEGIN}[张王李刘陈杨赵孙牛马胡郭贺韩郝][二三四五六]{END}"
    f"|{BEGIN}[{_BIG_SURNAMES}贺郝高白乔康牛][二三四五六]{HOME}",
)
_PLACE = (
    f"{HAN}?(?:路|街|巷|小区|花园|家园|苑|大厦|广场|村|学校|小学|中学|教育|托管|英语|艺术|公司|"
    f"集团|酒店|超市|市场|"
    "诊所|药店|书店|[店馆铺坊厂城府院园庄居湾])"
)
_BARE = anchored(
    SURNAMES + "".join(name[0] for name in DOUBLE_SURNAMES),
    f"{BEGIN}(?P<surname>{'|'.join(DOUBLE_SURNAMES)}|[{SURNAMES}])(?:"
    f"(?P<given>{_ANY}{{1,2}}){END}|(?P<rare>{_SIGN}{{2}})(?!{_PLACE}))",
)
_GOES_ON = compiled_later(
    "超市|英[语才]|文[化具体]|博士|佳[肴音]|艺术|[美丽]容|宇宙|辉煌"
)  # 雷锋超市
_PLACE_SURNAMES = frozenset("东方 西门 南宫 百里".split())  # 东方大道
_USUAL = compiled_later("[建志永国][国军强刚平明华林文新生伟庆民忠]")
_NUMERALS = frozenset("一二三四五六七八九十百千万元")
# 贺家川, 李大山: of these a hamlet's name is made rather than a person's.
_COMPASS, _LAND = frozenset("家大小东西南北上中下新老"), frozenset("山川江河湖石田水土花海庄梁")
_PART = f"(?:{'|'.join(sorted(MONGOLIAN, key=len, reverse=True))})"
# 宝音图嘎查, 达来路, 乌兰镇: a place.
_NO_PLACE = (
    "(?![路街巷镇村旗县市乡庙召湖河滩梁沟山庄]"
    "|[图特浩]?(?:嘎查|苏木|浩特|小区|社区|大街|牧骑|敖包))"
)
_MONGOL_BEGINS = frozenset(MONGOLIAN_SIGNS) | {name[0] for name in MONGOLIAN}
_MONGOL = anchored(
    _MONGOL_BEGINS,
    f"(?:(?P<sure>{_PART}{{1,4}}|[{MONGOLIAN_SIGNS}]{{3,8}}?)"
    f"(?:{TITLE}(?:{HOME})?|{HOME}|的班|的课|办的|开的)"
    f"|(?P<parts>(?:{_PART}){{2,4}}){_NO_PLACE}{END}"
    f"|{BEGIN}(?P<one>{_PART}){_NO_PLACE}(?=[的说在家给带教开办收讲住租])"
    f"|{BEGIN}(?P<long>[{MONGOLIAN_SIGNS}]{{3,8}}?){_NO_PLACE}"
    "(?=说|教[课学数语英蒙]|讲[课题]|办的|开的|收[学费钱]|带[学孩班]|在[教讲辅带上给家]|在.楼[教讲辅带]|反映|妈|爸))",
)
_PARTS = compiled_later(_PART)


def find_named(text: str) -> Iterator[StartEnd]:
    yield from _called(text)
    for found in _PET.finditer(text):
        if (
            found[0] not in NO_PET_NAMES
            and found[0][1] + text[found.end() : found.end() + 1] not in BEGINS_LIKE_NAME
        ):
            yield found.span()
    yield from _bare(text)
    if not _MONGOL_BEGINS.isdisjoint(text):
        yield from _mongolian(text)


def _called(text: str) -> Iterator[StartEnd]:
    for found in _CALLED.finditer(text):
        pet, end = found["pet"], found.end()
        if (found["double"] and pet[0] in NO_DOUBLES) or pet in NO_PET_NAMES:
            continue
        if found["title"] != "老师" and is_shop(text, end):
            continue
        yield found.start(), end


def _bare(text: str) -> Iterator[StartEnd]:
    for found in _BARE.finditer(text):
        surname, given = found["surname"], found["given"] or found["rare"]
        if surname in _PLACE_SURNAMES or (len(surname) == 1 and not _is_bare(surname, given)):
            continue
        end = found.end()
        if is_shop(text, end) or (found["rare"] and _GOES_ON.match(text, end - 1)):
            continue
        yield found.span()


def _is_bare(surname: str, given: str) -> bool:
    if surname + given[0] in BEGINS_LIKE_NAME:
        return given in USUAL_NAMES or (given[0] in "子一凤" and is_given_name(given))
    if given[-1] in "家村镇路街":
        return False
    if len(given) == 1:
        return surname in FREQUENT and given in SINGLE_NAMES
    if not NAME_SIGNS.isdisjoint(given) or given in USUAL_NAMES or _USUAL.fullmatch(given):
        return True
    if given[0] in _COMPASS and given[1] in _LAND:
        return False
    return surname in FREQUENT and _NUMERALS.isdisjoint(given)


def _mongolian(text: str) -> Iterator[StartEnd]:
    for found in _MONGOL.finditer(text):
        if found["parts"] and MONGOLIAN_PLACES.issuperset(_PARTS.findall(found["parts"])):
            continue
        if found["one"] in ("乌兰", "巴音", "赛罕", "呼和") or found["long"] in MONGOLIAN_PLACES:
            continue
        yield found.span() if found["sure"] else found.span(found.lastgroup or 0)
