"""Which columns each kind of list has, and how offices head them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from contract.folded_text import fold

ALIASES = MappingProxyType(
    {  # field: headings, the first one is the name in messages
        "id": ("编号", "id", "序号编码"),
        "name": ("名称", "name", "机构名称", "小区名称", "社区名称", "网格名称", "单位名称"),
        "aliases": ("别名", "aliases", "曾用名"),
        "community": ("社区", "community", "社区代码", "所属社区"),
        "grid": ("网格", "grid", "网格编号", "所属网格"),
        "lat": ("纬度", "lat", "latitude"),
        "lon": ("经度", "lon", "lng", "longitude"),
        "venue": ("场所类型", "venue", "类型"),
        "buildings": ("楼栋", "buildings", "楼栋单元"),
        "code": ("统一社会信用代码", "code", "信用代码", "社会信用代码"),
        "licence": ("许可证号", "licence", "办学许可证号", "许可证编号"),
        "kind": ("类别", "kind", "培训类别", "机构类别"),
        "address": ("地址", "address", "办学地址", "住所"),
        "compound": ("小区", "compound", "所在小区"),
        "building": ("楼号", "building", "所在楼栋"),
        "source": ("来源", "source", "公示来源", "发布单位"),
        "published": ("公示日期", "published", "发布日期"),
        "title": ("标题", "title", "任务", "计划", "通知标题"),
        "form": ("巡查形式", "form", "形式"),
        "shift": ("班次", "shift", "日查夜查"),
        "key_period": ("重点时段", "key_period", "时段"),
        "first": ("开始日期", "first", "开始"),
        "last": ("结束日期", "last", "结束"),
        "compounds": ("小区名单", "compounds", "重点小区"),
        "note": ("说明", "note", "备注", "要求"),
        "due": ("截止日期", "due", "最晚"),
        "text": ("内容", "text", "正文"),
        "issued": ("发布日期", "issued", "日期"),
        "until": ("有效期至", "until", "截止"),
        "office": ("发布单位", "office", "单位"),
        "day": ("日期", "day", "放假日期"),
        "works": ("上班", "works", "是否上班"),
        "holiday": ("节日", "holiday", "假期"),
        "urgent": ("紧急", "urgent", "是否紧急"),
    }
)
REACH = ("grid", "community")  # whom a plan, task or notice is for
REACHING = ("plans", "tasks", "notices")  # lists whose rows say whom they are for


# What may stand in brackets behind a heading without changing its meaning.
_REMARK = (
    r"必填|选填|可选|可不填|可空|非必填|编号|代码|名称|编码|填编号|编号或名称|全称|文字|文本|日期"
    r"|年月日|是/否|是否|十进制|度|WGS-?84|CGCS-?2000|18位|12位|LAT|LON|REQUIRED|OPTIONAL|CODE|NAME|ID"
)
_BRACKETS = re.compile(rf"[(\[{{【〔<《「](?:{_REMARK})[)\]}}】〕>》」]")
_ANY_BRACKETS = re.compile(r"[(\[{【〔<《「].*?[)\]}】〕>》」]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields that a row of this kind of list may have, and those it must have."""

    fields: tuple[str, ...]
    needed: tuple[str, ...]

    def field(self, heading: str) -> str | None:
        """The field that a column with this heading holds; None for a column that is not read."""
        return self._named(plain_heading(heading))

    def might_be(self, heading: str) -> tuple[str, ...]:
        """The fields whose name stands in a heading that is none of theirs."""
        plain = plain_heading(heading)
        if bare := self._named(_ANY_BRACKETS.sub("", plain)):
            return (bare,)
        return tuple(
            name
            for name in self.fields
            if any(len(one) > 1 and plain_heading(one) in plain for one in ALIASES[name])
        )

    def _named(self, plain: str) -> str | None:
        return next(
            (name for name in self.fields if plain in map(plain_heading, ALIASES[name])), None
        )


@lru_cache(maxsize=4096)
def plain_heading(heading: str) -> str:
    """In one width and case, without white space, invisible characters, marks such as * and remarks
    in brackets."""
    text = "".join(fold(heading).text.split())
    return _BRACKETS.sub("", text).strip("*:：") or text


KINDS = {
    "communities": Columns(("id", "name"), ("id", "name")),
    "grids": Columns(("id", "name", "community"), ("id", "name", "community")),
    "compounds": Columns(
        tuple("id name aliases community grid lat lon venue buildings".split()),
        ("name", "community"),
    ),
    "institutions": Columns(
        tuple("id name code licence kind address compound building source published".split()),
        ("name", "source", "published"),
    ),
    "plans": Columns(
        (*"id title form shift key_period first last compounds note".split(), *REACH),
        ("title", "first", "last"),
    ),
    "tasks": Columns((*"id title note compound building due".split(), *REACH), ("title",)),
    "notices": Columns(
        (*"id title text issued until office urgent".split(), *REACH), ("title", "issued")
    ),
    "holidays": Columns(("day", "works", "holiday"), ("day", "works", "holiday")),
}


def heading(field: str) -> str:
    """What messages call the column of this field."""
    return ALIASES[field][0]


def field_of(kind: str, text: str) -> str | None:
    """The field of the list `kind` that a column with this heading holds."""
    return KINDS[kind].field(text)
