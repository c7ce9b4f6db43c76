"""What is wrong with a file or a row of it: a code, where it is, what stands there, what is
wanted."""

from dataclasses import dataclass

from sync_server.importing.headings import heading
from sync_server.importing.words import ERRORS

MOST_SHOWN = 60  # characters of what was found


@dataclass(eq=False)
class RowError(Exception):
    """`code` is one of words.ERRORS, `field` the field of the column, `found` what stands there.
    `line` is the row's number as a spreadsheet or editor shows it, 0 for the whole file; `address`
    that of the cell (C5), `column` its heading as the file has it."""

    code: str
    field: str = ""
    found: str = ""
    line: int = 0
    address: str = ""
    column: str = ""
    sheet: str = ""
    file: str = ""
    feature: bool = False  # `line` counts the features of a map

    def __str__(self) -> str:
        return f"{self._chinese()} / {self._english()}"

    def _chinese(self) -> str:
        what, wanted, _, _ = ERRORS[self.code]
        places = [self.file, f"工作表“{printable(self.sheet)}”" if self.sheet else ""]
        places += [
            self._row("第 {} 个要素" if self.feature else "第 {} 行"),
            self.address,
            self._heading(),
        ]
        where = " ".join(part for part in places if part)
        found = f"写的是“{printable(self.found)}”，" if self.found else ""
        return f"{where}：{what}；{found}要求：{wanted}"

    def _english(self) -> str:
        _, _, what, wanted = ERRORS[self.code]
        places = [self.file, f'sheet "{printable(self.sheet)}"' if self.sheet else ""]
        places += [self._row("feature {}" if self.feature else "row {}"), self.address, self.field]
        where = ", ".join(part for part in places if part)
        found = f'found "{printable(self.found)}"; ' if self.found else ""
        return f"{where}: {what}; {found}wanted: {wanted}"

    def _row(self, words: str) -> str:
        return words.format(self.line) if self.line else ""

    def _heading(self) -> str:
        return printable(self.column or (heading(self.field) if self.field else ""))


def printable(text: str, most: int = MOST_SHOWN) -> str:
    """The text on one line for a terminal, without control and invisible characters, cut."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:most])
    return shown + ("…" if len(text) > most else "")
