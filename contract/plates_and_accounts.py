"""Finds number plates, account names and card numbers in folded text."""

import re
from collections.abc import Iterator

StartEnd = tuple[int, int]

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Read in part, or with signs in the place of some: 蒙K12*45, 蒙K123, 车牌尾号 45A.
_HIDDEN = "*?○〇□"
_CALLED = "(?:车牌|牌号|牌照|车号|[绿蓝黄白]牌)"
_PLATE = re.compile(
    "|".join(
        (
            f"((?:内(?=蒙)|内?蒙古(?=K))?(?:[{_PROVINCES}]|(?<=蒙古))[ .·-]?"
            "[A-HJ-NP-Z][ .·-]{0,3}"
            "(?:(?=(?:[A-Z]*[0-9]){3})[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使]"
            "|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]"
            "|(?=(?:[ .·-]?[A-Z])*(?:[ .·-]?[0-9](?:[ .·-]?[A-Z])*){3})"
            "[A-HJ-NP-Z0-9](?:[ .·-]?[A-HJ-NP-Z0-9]){4,5}))"
            "(?![A-Z0-9])",
            f"([{_PROVINCES}][A-HJ-NP-Z][ .·-]?(?=[A-Z0-9]{{0,4}}[{_HIDDEN}])"
            f"(?=[{_HIDDEN}]{{0,4}}[A-Z0-9])[A-Z0-9{_HIDDEN}]{{4,6}})(?![A-Z0-9])",
            "([蒙陕晋冀][A-HJ-NP-Z][ .·-]?(?=(?:[A-Z]*[0-9]){2})[A-HJ-NP-Z0-9]{3,4})"
            "(?![A-Z0-9室号楼层栋座])",
            f"(?:{_CALLED}|车|[{_PROVINCES}][A-HJ-NP-Z])(?:号码?)?的?"
            "(?:尾号|尾数|末尾|最?[后末尾前]位?[两三四五2-5](?:位|个数字?|个字)|，?后面)"
            "[数码是为: ]{0,4}"
            "([A-Z0-9]{2,5})(?![A-Z0-9])",
            "尾号[是为: ]{0,2}([A-Z0-9]{2,5})(?=的?(?:车|[白黑红灰银蓝黄绿]|轿|面包))"
            "|尾号[是为: ]{0,2}((?=[0-9]*[A-Z])[A-Z0-9]{3,5})(?![A-Z0-9])"
            "|(?<![A-Z0-9])([A-HJ-NP-Z](?:·[A-HJ-NP-Z0-9]{5,6}"
            "|[ .-]?[0-9]{5}(?=的?(?:[白黑红灰银蓝黄绿]色?)?(?:车|轿|面包|越野))))"
            "(?![A-Z0-9])",
            f"{_CALLED}[号码是为: ]{{0,4}}([A-HJ-NP-Z][ .·-]?[A-HJ-NP-Z0-9]{{4,6}}"
            f"|[A-HJ-NP-Z] [A-HJK][A-HJ-NP-Z0-9]{{5}}"
            f"|(?=[A-Z{_HIDDEN}]{{0,5}}[0-9])[A-Z0-9{_HIDDEN}]{{4,7}})(?![A-Z0-9个辆])",
        )
    )
)
_IN_A_PLATE = re.compile("[A-Z车尾牌]")  # each pattern of a plate asks for one of these
_NETWORKS = (
    "微 ?信|WEI ?XIN|[微薇威V][❤♥]|群号|[进加]群|UP主|威信|薇信|徽信|微X|卫星|微博|V信|绿泡泡"
    "|[加+]我?[V微薇威]|V ?我|Q ?Q|扣扣|企鹅号?|抖音|快手|小红书|B站"
    "|公众号|视频号|知乎|会议号?|YY号|微店|闲鱼|陌陌|钉钉|飞书|支付宝|TELEGRAM"
    "|(?<![A-Z])(?:WX(?!ID)|VV?X|V X|TG(?=[: ])|Q(?=[: ]?[0-9]{6})|[V薇微威](?=[: ])|WECHAT|DING)"
)
_ACCOUNT = re.compile(
    f"(?:{_NETWORKS})群?(?:同?号码?|[账帐]号|ID|里?搜索?|上搜)?[@是为: ]{{0,3}}"
    "((?!ALIPAY|WECHAT|ONLINE)[A-Z](?=[A-Z-]*[0-9])[A-Z0-9-]{3,19}|[A-Z][A-Z0-9-]{5,19}"
    "|[0-9]{5,12}(?![0-9]| ?[元块人个])"
    "|[0-9]{3,4} [0-9]{3,4}(?: [0-9]{1,4})?(?![0-9]| ?[元块人个]))"
    "|(WXID-[A-Z0-9]{6,20})"
)
_MAIL = re.compile("(?<![A-Z0-9.+-])[A-Z0-9.+-]{1,64}@[A-Z0-9-]{1,63}(?:\\.[A-Z0-9-]{2,63}){1,3}")
_NUMBER = "[0-9](?:[ -]?[0-9]){%s}"
_CARD = re.compile(
    f"(?:银行卡|卡号|[账帐][号户]|[工农建商交中][商业设通国]?银?行(?=[: 0-9])|信用社|"
    f"存折)(?:号码?)?[是为: ]{{0,3}}"
    f"({_NUMBER % '11,18'})(?![0-9])"
    f"|(?<![0-9])(62[0-9]{{2}}[ *X.…]{{2,14}}[0-9]{{3,4}}(?![0-9]))"
    f"|(?<![0-9])(62[0-9]{{2}}(?: ?[0-9]{{4}}){{3}}(?: ?[0-9]{{1,3}})?)(?![0-9])"
    "|(?:银行卡|卡号|[账帐]号)(?:的?(?:尾号|"
    "[后末尾][三四五六3-6]位))[数码是为: ]{0,4}([0-9]{3,6})(?![0-9])"
)
_COUNTED = re.compile("(?:工单|单号|编号|受理|投诉|订单|流水|案件|批次|许可证)[号码为是: ]{0,4}$")
_NEAR = 12  # characters before a number in which a word for it is looked for


def find_plates(text: str) -> Iterator[StartEnd]:
    """Mainland number plates (GA 36-2018), also read in part. `text` is that of a `FoldedText`."""
    if not _IN_A_PLATE.search(text):  # nearly always
        return
    for found in _PLATE.finditer(text):
        yield found.span(found.lastindex or 0)


def find_accounts(text: str) -> Iterator[StartEnd]:
    """Account names beside the name of their network, addresses of e-mail, numbers of bank cards
    (62…, GB/T 33141, or beside a word for one)."""
    for found in _ACCOUNT.finditer(text):
        yield found.span(found.lastindex or 0)
    if "@" in text:
        yield from (found.span() for found in _MAIL.finditer(text))
    for found in _CARD.finditer(text):
        start, end = found.span(found.lastindex or 0)
        if not _COUNTED.search(text[max(0, start - _NEAR) : start]):
            yield start, end
