"""What `audit verify` says, Chinese and English in one line, for a technician's terminal."""

from sync_server.auditing.chains import Fault, FaultCode

CHAIN_WORDS = {"audit": ("审计记录", "audit log"), "cases": ("案件步骤", "steps of cases")}
FAULTS = {
    FaultCode.MISSING: "缺第 {n} 条，接下来是第 {found} 条"
    " / row {n} is missing, after it comes row {found}",
    FaultCode.UNREADABLE: "第 {n} 条读不出来 / row {n} cannot be read",
    FaultCode.CHANGED: "第 {n} 条被改过：写入时的指纹是 {expected}，现在的内容是 {found}"
    " / row {n} was changed: written with the hash {expected}, what it says now has {found}",
    FaultCode.RELINKED: "第 {n} 条接不上前一条：它记的前一条指纹是 {expected}，现在是 {found}"
    " / row {n} does not follow: the row before it had the hash {expected}, now {found}",
    FaultCode.CUT: "见证过第 {n} 条（指纹 {expected}），现在没有：末尾被删或全部清空"
    " / row {n} was there with the hash {expected} and is gone: the end was cut off, or all of it",
    FaultCode.REWRITTEN: "第 {n} 条当时的指纹是 {expected}，现在是 {found}：这一条或更早的被重写"
    " / row {n} had the hash {expected}, now {found}: it or an earlier one was written anew",
}
SENTENCES = {
    "whole": "{zh}：{rows} 条，前后相连 / {en}: {rows} rows, each follows from the one before",
    "fault": "{zh}：{fault_zh} / {en}: {fault_en}",
    "at": "{file} 第 {line} 行（{day}）/ {file}, line {line} ({day})",
    "bad_line": "{file} 第 {line} 行不是见证 / {file}, line {line}: no anchor",
    "no_witness": "{file} 里没有本单位的见证 / {file}: no anchor of this bureau",
    "no_file": "读不出 {file}：{why} / {file} cannot be read: {why}",
    "compared": "与 {count} 条见证相符 / agrees with {count} anchors",
    "alone": "没有见证可比：末尾被删、全部清空或重写看不出来"
    " / compared with no anchor: a cut end, an emptied or rewritten log would not be seen",
    "empty": "还没有记录 / nothing is written yet",
}


def say(code: str, **gaps: object) -> str:
    """The sentence of a code."""
    return SENTENCES[code].format(**gaps)


def whole(chain: str, rows: int) -> str:
    """That a chain fits as far as can be seen in it."""
    chinese, english = CHAIN_WORDS[chain]
    return say("whole", zh=chinese, en=english, rows=rows)


def fault(found: Fault) -> str:
    """What does not fit, with hashes cut to what can be told apart."""
    gaps = {"n": found.n, "expected": found.expected[:16], "found": found.found[:16]}
    in_chinese, _, in_english = FAULTS[found.code].format(**gaps).partition(" / ")
    chinese, english = CHAIN_WORDS[found.chain]
    return say("fault", zh=chinese, en=english, fault_zh=in_chinese, fault_en=in_english)
