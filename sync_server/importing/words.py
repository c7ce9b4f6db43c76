"""The words of the import command by code: what it says of errors and of what it left out."""

ERRORS = {  # code: what is wrong and what is wanted, in Chinese; the same in English
    "unknown_format": (
        "不认识的文件格式", "xlsx、xls、ods、csv、GeoJSON 或 GeoPackage 文件",
        "unknown file format", "xlsx, xls, ods, csv, GeoJSON or GeoPackage",
    ),
    "unreadable": (
        "文件读不出来", "能在原程序里打开的文件，另存后再导入",
        "the file cannot be read", "a file its own program opens; save it again",
    ),
    "too_large": (
        "文件太大", "不超过 20 MB 的文件，分几次导入",
        "the file is too large", "at most 20 MB; split it",
    ),
    "too_many_cells": (
        "单元格太多", "不超过 10 万行、100 万格；删掉表格外面的空白格子，或分几次导入",
        "too many cells", "at most 100,000 rows and 1,000,000 cells; clear stray cells",
    ),
    "too_slow": (
        "读文件用的时间或内存太多", "简单的表格：复制到新文件里再导入",
        "reading took too much time or memory", "a plain table: copy it into a new file",
    ),
    "encoding": (
        "文字编码不清楚", "UTF-8 编码的文件（csv 也可以是 GB18030）；表格另存为“CSV UTF-8”",
        "the encoding is unclear", 'UTF-8 (csv: or GB 18030); save tables as "CSV UTF-8"',
    ),
    "broken_quotes": (
        "引号不成对", "每个左引号都有右引号",
        "unbalanced quotes", "a closing quote for each opening one",
    ),
    "swallowed": (
        "一格里有整行数据，引号可能没有关", "每个左引号都有右引号",
        "a cell holds whole rows: a quote may be open", "a closing quote for each opening one",
    ),
    "short_row": (
        "这一行的格数比表头少", "和表头一样多的格数",
        "fewer cells than headings", "as many cells as headings",
    ),
    "long_row": (
        "这一行的格数比表头多", "和表头一样多的格数；文字里的逗号要加引号",
        "more cells than headings", "as many cells as headings; quote texts that contain commas",
    ),
    "no_visible_sheet": (
        "没有可见的工作表", "至少一张没有隐藏的工作表",
        "no visible sheet", "at least one sheet that is not hidden",
    ),
    "no_heading": (
        "没有找到表头", "前 10 行里有一行至少两个列名，见 docs/import.zh-CN.md",
        "no heading found", "two known headings in one of the first 10 rows",
    ),
    "missing_column": (
        "缺少必填的列", "有这一列，并且每行都填",
        "a required column is missing", "this column, filled in each row",
    ),
    "missing_reach": (
        "没有写发给谁：缺少网格或社区一列", "网格或社区列，发给全部就写“全部”；或加 --everybody",
        "nobody is named: no grid and no community column",
        'a grid or community column that says 全部 ("all") for everybody; or --everybody',
    ),
    "two_columns": (
        "两列是同一个内容", "只留一列",
        "two columns for one field", "only one of them",
    ),
    "unclear_heading": (
        "看不懂这个列名", "docs/import.zh-CN.md 里的列名；不需要这一列就加 --ignore 列名",
        "unclear heading", "a heading of docs/import.zh-CN.md, or --ignore HEADING",
    ),
    "not_read": (
        "这一格读不出来（公式出错或没有计算）", "一个值：在表格程序里算出来，粘贴为数值",
        "this cell cannot be read (a failed or uncalculated formula)",
        "a value: calculate it and paste values",
    ),
    "merged": (
        "这一格被横向合并了", "没有横向合并的单元格",
        "a cell merged across columns", "cells that are not merged across columns",
    ),
    "empty": ("没有填", "必填", "empty", "something; it is required"),
    "no_reach": (
        "没有写发给谁", "网格或社区的编号、名称；发给全部就写“全部”",
        "nobody is named", 'a grid or community; 全部 ("all") for everybody',
    ),
    "too_long": ("太长", "短一些的文字", "too long", "a shorter text"),
    "control": (
        "有看不见的控制字符", "没有控制字符的文字，重新输入一次",
        "control characters", "a text without them; type it again",
    ),
    "not_text": (
        "不是文字（被表格程序变成了日期、时间或真假值）", "文字：先把单元格格式设为“文本”再输入",
        "no text (the spreadsheet made a date, time or boolean of it)",
        "text: format the cell as text, then type it again",
    ),
    "not_exact": (
        "数字太长或用了科学计数，原来的数字已经丢失", "文字：先把单元格格式设为“文本”再输入",
        "a long number whose digits are lost", "text: format the cell as text, then type it again",
    ),
    "not_a_code": (
        "编号不合要求", "1 到 40 个字母、数字、_ 或 -，没有空格",
        "no code", "1 to 40 ASCII letters, digits, _ or -, without spaces",
    ),
    "not_a_community_code": (
        "社区编号不合要求", "12 位数字", "no community code", "12 digits",
    ),
    "not_a_day": (
        "不是日期", "2000 到 2099 年的一个日期，如 2026-11-20，后面没有别的字",
        "no date", "one day from 2000 to 2099 such as 2026-11-20, and nothing else",
    ),
    "not_a_number": (
        "不是数字", "十进制的度数，如 38.123", "no number", "decimal degrees such as 38.123",
    ),
    "not_finite": (
        "不是一个确定的数", "写得出来的数；没有值就写 null，或删掉这一项",
        "no finite number", "a number; null where there is none",
    ),
    "not_here": (
        "经纬度不在国内，是否写反", "纬度 18 到 54，经度 73 到 136",
        "not in the country; swapped?", "latitude 18 to 54, longitude 73 to 136",
    ),
    "half_a_position": (
        "经度和纬度要一起填", "两个都填，或都不填",
        "half a position", "both latitude and longitude, or neither",
    ),
    "unknown_word": (
        "不在可选的词里", "代码表里的词或代码", "unknown word", "a word or code of the code list",
    ),
    "unknown_place": (
        "不在本单位的名单里", "先导入它，或写名单里的编号、名称",
        "not known here", "a code or name of the bureau's lists; import it first",
    ),
    "grid_elsewhere": (
        "这个网格不在这个社区（写的是网格和它所在的社区）", "同一行里的网格属于同一行里的社区",
        "this grid is not in this community (the grid and its community are given)",
        "a grid of the community in the same row",
    ),
    "several": ("有几个同名的", "编号", "ambiguous name", "the code"),
    "not_registered": (
        "没有登记号", "统一社会信用代码和许可证号至少填一个",
        "not registered", "a credit code or a licence number",
    ),
    "wrong_code": (
        "统一社会信用代码不对", "18 位，最后一位是校验位",
        "wrong credit code", "18 characters with a right check digit",
    ),
    "personal": (
        "里面有个人信息", "不含姓名、电话、证件号的文字",
        "personal data", "a text without names, phone or identity numbers",
    ),
    "reads_personal": (
        "像是人名", "地名、店名或单位名；核对过确实是的，加 --names 再导入",
        "reads like a person", "the name of a place or organisation; if it is one, add --names",
    ),
    "ends_before": (
        "结束日期早于开始日期", "结束日期不早于开始日期",
        "it ends before it begins", "an end that is not before the beginning",
    ),
    "twice": (
        "和另一行是同一个（写的是那一行的行号）", "每个只写一行",
        "the same as another row (its number is given)", "one row for each",
    ),
    "same_as": (
        "和已有的一个同名（写的是它的编号）", "用已有的编号，或改名",
        "the same name as another one (its code is given)", "its code, or another name",
    ),
    "unclear_range": (
        "范围看不懂", "1-5号楼 或 1-4单元，从小到大",
        "an unclear range", "1-5号楼 or 1-4单元, ascending",
    ),
    "building_twice": (
        "同一栋楼写了两次，单元不一样", "每栋楼只写一次",
        "one building twice with other units", "each building once",
    ),
    "wrong_shape": (
        "不合要求", "docs/import.zh-CN.md 里的写法",
        "it does not fit", "what docs/import.zh-CN.md says",
    ),
    "not_a_feature": (
        "不是地图要素", "type 为 Feature，有 properties", "no feature", "a GeoJSON Feature",
    ),
    "not_a_place": (
        "图形不能当作一个地点", "点或面（Point、Polygon、MultiPolygon），坐标齐全",
        "this geometry is no place", "a point or an area with all its coordinates",
    ),
    "wrong_crs": (
        "坐标系不对", "WGS-84（EPSG:4326）或 CGCS2000（EPSG:4490）的经纬度",
        "another coordinate system", "degrees in WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490)",
    ),
    "would_empty": (
        "--whole 会删掉整个名单（写的是行数）", "确实要删就加 --yes",
        "--whole would delete the whole list (its size is given)", "--yes if that is meant",
    ),
    "referred_to": (
        "--whole 会删掉别处还在用的行", "确实要删就加 --yes",
        "--whole would delete rows that others refer to", "--yes if that is meant",
    ),
}  # fmt: skip
NOTES = {  # code: Chinese, English
    "ignored": ("没有用到的列（不保存）：{found}", "columns not used: {found}"),
    "no_heading_above": ("没有表头的列没有读：{found}", "columns without a heading: {found}"),
    "hidden_sheet": ("隐藏的工作表没有读：{found}", "hidden sheets not read: {found}"),
    "other_sheets": ("只读第一张表，没有读：{found}", "only the first sheet is read, not: {found}"),
    "unread_rows": (
        "原来名单里有读不出来的行，原样留着；要修，就在文件里写上编号再导入：{found}",
        "rows of the bureau's lists that cannot be read stay as they are;"
        " to mend one, import it under its id: {found}",
    ),
    "unread_gone": (
        "原来名单里读不出来的这些行，由这个文件换掉：{found}",
        "rows of the bureau's list that cannot be read give way to this file: {found}",
    ),
    "named": (
        "像人名，已说明是地名、店名或单位名：{found}",
        "read like persons, said to be places or organisations: {found}",
    ),
    "sums": ("合计行没有导入：第 {found} 行", "rows of sums left out: {found}"),
}


def note(code: str, found: str) -> str:
    """A note in both languages."""
    chinese, english = NOTES[code]
    return f"{chinese.format(found=found)} / {english.format(found=found)}"
