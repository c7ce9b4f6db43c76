"""Names beside the word for what somebody is: 姓名：王小明, 房东叫…, 群主…, 三年级二班…."""

import re
from collections.abc import Iterator

from contract.anchored_pattern import anchored
from contract.given_names import (
    MONGOLIAN,
    MONGOLIAN_SIGNS,
    NAME_LIKE,
    NAME_SIGNS,
    NO_DOUBLES,
    NO_PET_NAMES,
    SINGLE_NAMES,
)
from contract.late_patterns import compiled_later
from contract.name_edges import END, HAN
from contract.person_titles import MASK, SURNAME, StartEnd, is_given_name, is_shop
from contract.surnames import BEGINS_LIKE_NAME, FREQUENT, NOT_A_NAME, NOT_IN_NAMES, RARE_SURNAMES

# Words after which forms and papers have a name.
_FORM = frozenset(
    (
        "姓名 名字 大名 本名 原名 化名 户主 户名 联系人 负责人 举报人 投诉人 反映人 报案人 当事人 "
        "监护人 经营者 经营人 经办人 承租人 出租人 承包人 委托人 申请人 受理人 被告 法定代表人 "
        "法人代表 法人 收款人 收款方 收款 付款人 转账人 签字 签字人 签名 签收 签收人 落款 署名 "
        "授课人 授课教师 主讲 主讲人 主讲教师 任课教师 任课老师 房主 业主 店主 产权人 住户 租户 "
        "租客 班主任 创始人 合伙人 股东 接收人 经手人 开户人 登记人 填表人 报名人 缴费人 学员 考生 "
        "作者 主播 自称 人称 外号 绰号 小名 乳名 真名 名为 讲课人 开办人 举办人 组织者 组织人 "
        "办班人 屋主 昵称 微信名 网名 开卡人 持卡人 车主 机主 号主 记录人 记录员 审核人 填写人 "
        "代理人 承办人 开票人 收费人 经纪人 责任人 辅导老师 指导老师 代课老师 租房人 交款人 反馈人 "
        "咨询人 对接人 编辑 辅导员 收件人 寄件人 收货人 取件人 下单人 投递人 代收人 介绍人 牵头人 "
        "带班人"
    ).split()
)
# Words beside which a sentence names whom it means.
_ROLE = _FORM.union(
    (
        "学生 孩子 家长 房东 老师 教师 讲师 助教 老板 老板娘 店长 校长 园长 群主 群管理 群管理员 "
        "管理员 管事的 物业 保洁 保姆 司机 门卫 值班 值班员 邻居 房客 朋友 亲戚 同事 丈夫 妻子 "
        "老公 老婆 爱人 儿子 女儿 侄子 侄女 外甥 外甥女 爸爸 妈妈 父亲 母亲 爷爷 奶奶 姥姥 姐姐 "
        "哥哥 弟弟 妹妹 叔叔 阿姨 同学 小朋友 班长 课代表 组长 男孩 女孩 男生 女生 男的 女的 男子 "
        "女子 带头的 做饭的 带课的 上课的 讲课的 教课的 开班的 办班的 对门 楼上 楼下 隔壁 保安 "
        "前台 店员 会计 出纳 主任 经理 教练 医生 律师 带队 领队 陪同人员 网格员 民警 甲方 乙方 "
        "出租方 承租方 证人 见证人 抬头 此人 本人 志愿者 师傅"
    ).split()
)
# Of these, such as a name follows at once: 房东王某.
_BESIDE = frozenset(
    (
        "姓名 名字 学生 孩子 家长 户主 房东 业主 租客 租户 老师 教师 负责人 联系人 举报人 当事人 "
        "法定代表人 法人代表 法人 收款人 经办人 记录人 联系老师 辅导老师 主讲 主讲人 签字 签字人 "
        "签名 开票人 老板 店主 校长 园长 班主任 授课人 经营者 经营人 群主"
    ).split()
)
_NAME = f"(?P<surname>{SURNAME})(?P<given>{MASK}|{HAN}{{1,2}})"
_SINGLE = SINGLE_NAMES | NAME_SIGNS
_MONGOL = f"(?:{'|'.join(MONGOLIAN)}){{1,3}}"
_SIGNS = "".join(sorted(NAME_SIGNS))
_NAME_SIGNS = "".join(sorted(NAME_SIGNS | NAME_LIKE))

_WORDS = sorted(_ROLE | _BESIDE | {"叫", "名叫"}, key=len, reverse=True)
_LABEL = anchored({word[0] for word in _WORDS}, f"(?=({'|'.join(_WORDS)})(?!(?<=老师)傅))")
# What may follow a label.
_SAID = compiled_later(f" ?(?:[:=叫是为]|是叫)(?:做|作)? ?{_NAME}")
_AT_ONCE = compiled_later(f" ?{_NAME}")
_CALLED = compiled_later(f"(?:做|作)? ?{_NAME}")
# 三年级二班王梓涵, 邻居赵志强: only with characters that given names have.
_LIKELY = f" ?(?P<surname>{SURNAME})(?P<given>[{_NAME_SIGNS}]{{1,2}}){END}"
_OF_A_ROLE = compiled_later(_LIKELY)
_OF_A_CLASS = anchored(
    "级班", f"(?:(?<=年)级|(?<=[0-9一二三四五六七八九十)小中大])班|(?<=学前)班)的?{_LIKELY}"
)
_BIG_SURNAMES = "张王李刘陈杨赵孙周吴郑徐朱胡郭"
# 孩子小宝, 女儿叫欣怡.
_PET = compiled_later(
    f" ?[:是为叫]? ?(?P<pet>[小老][{_BIG_SURNAMES}]|[小阿][{_NAME_SIGNS}]"
    f"|(?P<double>[{_NAME_SIGNS}])(?P=double)(?![的地])"
    f"|[{_SIGNS}][{_NAME_SIGNS}]|[{_NAME_SIGNS}][{_SIGNS}]){END}"
)
_NOBODY = f"(?!{'|'.join(f'{HAN}{{0,5}}{word}' for word in NOT_A_NAME)})"
_FILLED_IN = compiled_later(f" ?[:=] ?({_NOBODY}{HAN}{{2,7}})(?!{HAN})")
_RARE = compiled_later(f" ?[:=是叫] ?([{RARE_SURNAMES}][{_NAME_SIGNS}]{{1,2}}){END}")
_MONGOL_NAME = f" ?({_MONGOL}|[{MONGOLIAN_SIGNS}]{{3,8}}{END})"
_MONGOL_ROLE = compiled_later(f" ?[:=是为叫]?{_MONGOL_NAME}")
_MONGOL_CALLED = compiled_later(f"(?:做|作)?{_MONGOL_NAME}")
_MONGOL_BEGINS = frozenset(name[0] for name in MONGOLIAN)
_SCHOOL = compiled_later(
    f"{HAN}{{0,6}}?(?:托管|教育|培训|中心|学校|书院|学堂|工作室|辅导|幼儿园|机构|俱乐部|艺术|自习|"
    f"英语|画室|琴行"
    "|科技|文化|咨询|传媒|公司|小区|商贸|超市|药店)"
)
# After a name that only stands beside a label: nothing, or a word that a sentence goes on with.
_AFTER = compiled_later(
    f"(?!{HAN})|[的说在家是有给也都和与及电手住称讲为开租于把被让来去不从就已刚正每]"
)
_MOST_FREQUENT = "王李张刘陈杨赵吴"


def find_labelled(text: str) -> Iterator[StartEnd]:
    for found in _OF_A_CLASS.finditer(text):
        yield from _likely(found)
    may_be_mongol = not _MONGOL_BEGINS.isdisjoint(text)
    for label in _LABEL.finditer(text):
        end = label.end(1)
        if label[1].endswith("叫"):
            yield from _called(text, end, may_be_mongol)
        else:
            yield from _beside(text, label[1], end, may_be_mongol)


def _called(text: str, at: int, may_be_mongol: bool) -> Iterator[StartEnd]:
    """What 叫 or 名叫, which ends at `at`, names."""
    if found := _CALLED.match(text, at):
        yield from _named(text, found, is_said=True)
    if found := _PET.match(text, at):
        yield from _pet(found)
    if may_be_mongol and (found := _MONGOL_CALLED.match(text, at)):
        yield found.span(1)


def _beside(text: str, label: str, at: int, may_be_mongol: bool) -> Iterator[StartEnd]:
    """What a label, which ends at `at`, names."""
    is_name = label in ("姓名", "名字")
    if found := _SAID.match(text, at) or (is_name and _AT_ONCE.match(text, at)) or None:
        yield from _named(text, found, is_said=True)
    if label in _BESIDE and (found := _AT_ONCE.match(text, at)):
        yield from _named(text, found, is_said=False)
    if found := _OF_A_ROLE.match(text, at):
        yield from _likely(found)
    if found := _PET.match(text, at):
        yield from _pet(found)
    if may_be_mongol and (found := _MONGOL_ROLE.match(text, at)):
        yield found.span(1)
    if label in _FORM:
        filled = (_FILLED_IN.match(text, at), _RARE.match(text, at))
        yield from (found.span(1) for found in filled if found)


def _likely(found: re.Match[str]) -> Iterator[StartEnd]:
    surname, given = found["surname"], found["given"]
    is_word = surname + given[0] in BEGINS_LIKE_NAME and not is_given_name(given)
    is_single = given in _SINGLE or (given in NAME_LIKE and surname in FREQUENT)
    if not is_word and (len(given) > 1 or is_single):
        yield found.start("surname"), found.end("given")


def _pet(found: re.Match[str]) -> Iterator[StartEnd]:
    pet = found["pet"]
    is_word = pet[1] + found.string[found.end("pet") :][:1] in BEGINS_LIKE_NAME  # 小胡同
    if not is_word and (found["double"] or "") not in NO_DOUBLES and pet not in NO_PET_NAMES:
        yield found.span("pet")


def _named(text: str, found: re.Match[str], *, is_said: bool) -> Iterator[StartEnd]:
    surname, given = found["surname"], found["given"]
    if given[0] in NOT_IN_NAMES:
        return
    if surname + given[0] in BEGINS_LIKE_NAME and not is_given_name(given):
        return
    end = found.end() - (given[-1] in NOT_IN_NAMES)
    start = found.start("surname")
    if is_said and (_SCHOOL.match(text, start) or is_shop(text, end)):
        return
    is_sure = is_said or (surname in _MOST_FREQUENT and len(given) == 2)
    if is_sure or _AFTER.match(text, end):
        yield start, end
