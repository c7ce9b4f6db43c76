"""What is wrong with a row of a file: a code, and the words that a technician reads."""

from dataclasses import dataclass

WORDS = {  # code: Chinese, English
    "unknown_format": ("不认识的文件格式 {said}；用 xlsx、csv 或 GeoJSON", "unknown format {said}"),
    "unreadable": ("文件读不出来 {said}", "the file cannot be read {said}"),
    "too_large": ("文件超过 20 MB", "the file is over 20 MB"),
    "no_heading": ("没有找到表头；见 docs/import.zh-CN.md", "no heading found"),
    "empty": ("{column}没有填", "{column} is empty"),
    "too_long": ("{column}太长：{said}", "{column} is too long: {said}"),
    "not_a_day": ("{column}不是日期：{said}", "{column} is no date: {said}"),
    "not_a_number": ("{column}不是数字：{said}", "{column} is no number: {said}"),
    "not_here": ("经纬度不在国内，是否写反：{said}", "not in the country, swapped? {said}"),
    "half_a_position": ("经度和纬度要一起填", "latitude and longitude go together"),
    "unknown_word": ("{column}不在代码表里：{said}", "{column} is not in the code list: {said}"),
    "unknown_place": ("{column}不在本单位的名单里：{said}", "{column} is not known here: {said}"),
    "several": ("{column}有几个同名的，请填编号：{said}", "{column} is ambiguous: {said}"),
    "not_registered": ("统一社会信用代码和许可证号至少填一个", "a credit code or a licence number"),
    "wrong_code": ("统一社会信用代码不对（18 位，含校验位）：{said}", "wrong credit code: {said}"),
    "personal": ("{column}里有个人信息：{said}", "personal data in {column}: {said}"),
    "ends_before": ("结束日期早于开始日期", "it ends before it begins"),
    "twice": ("和第 {said} 行重复", "the same as line {said}"),
    "wrong_shape": ("{column}不合要求：{said}", "{column} does not fit: {said}"),
}


@dataclass(eq=False)
class RowError(Exception):
    """`line` as the file's program counts it, 0 for the whole file."""

    line: int
    code: str
    column: str = ""
    said: str = ""

    def __str__(self) -> str:
        chinese, english = (w.format(column=self.column, said=self.said) for w in WORDS[self.code])
        where = f"第 {self.line} 行：" if self.line else ""
        return f"{where}{chinese} / {english}"
