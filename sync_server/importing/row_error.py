"""What is wrong with a file or a row of it: a code, and the words that a technician reads."""

from dataclasses import dataclass

WORDS = {  # code: Chinese, English
    "unknown_format": ("不认识的文件格式 {cell}；用 xlsx、csv 或 GeoJSON", "unknown format {cell}"),
    "unreadable": ("文件读不出来 {cell}", "the file cannot be read {cell}"),
    "too_large": ("文件超过 20 MB", "the file is over 20 MB"),
    "no_heading": ("没有找到表头；见 docs/import.zh-CN.md", "no heading found"),
    "empty": ("{column}没有填", "{column} is empty"),
    "too_long": ("{column}太长：{cell}", "{column} is too long: {cell}"),
    "not_a_day": ("{column}不是日期：{cell}", "{column} is no date: {cell}"),
    "not_a_number": ("{column}不是数字：{cell}", "{column} is no number: {cell}"),
    "not_here": ("经纬度不在国内，是否写反：{cell}", "not in the country, swapped? {cell}"),
    "half_a_position": ("经度和纬度要一起填", "latitude and longitude go together"),
    "unknown_word": ("{column}不在代码表里：{cell}", "{column} is not in the code list: {cell}"),
    "unknown_place": ("{column}不在本单位的名单里：{cell}", "{column} is not known here: {cell}"),
    "several": ("{column}有几个同名的，请填编号：{cell}", "{column} is ambiguous: {cell}"),
    "not_registered": ("统一社会信用代码和许可证号至少填一个", "a credit code or a licence number"),
    "wrong_code": ("统一社会信用代码不对（18 位，含校验位）：{cell}", "wrong credit code: {cell}"),
    "personal": ("{column}里有个人信息：{cell}", "personal data in {column}: {cell}"),
    "ends_before": ("结束日期早于开始日期", "it ends before it begins"),
    "twice": ("和第 {cell} 行重复", "the same as line {cell}"),
    "wrong_shape": ("{column}不合要求：{cell}", "{column} does not fit: {cell}"),
}


@dataclass(eq=False)
class RowError(Exception):
    """`line` is the row's number as a spreadsheet or editor shows it, 0 for the whole file;
    `column` the heading, `cell` what was found there (of `twice`: the number of the earlier
    line)."""

    line: int
    code: str
    column: str = ""
    cell: str = ""

    def __str__(self) -> str:
        chinese, english = (w.format(column=self.column, cell=self.cell) for w in WORDS[self.code])
        where = f"第 {self.line} 行：" if self.line else ""
        return f"{where}{chinese} / {english}"
