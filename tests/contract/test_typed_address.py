"""Server addresses, codes and invitations as they are typed and pasted."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract.invitation import Invitation
from contract.typed_address import fold_typed, read_address

SIGNS = "abhps019.:/-。：／、；　 \n\u200b－ｈ教[]#\\“"
MEANT = "https://bureau.example.cn"
TYPED = [
    "https：//bureau.example.cn",
    "https:／／bureau.example.cn",
    "https：／／bureau。example。cn",
    "https：、、bureau。example。cn",
    "https；//bureau.example.cn",
    "https∶//bureau.example.cn",
    "https。//bureau.example.cn",
    "ｈｔｔｐｓ：／／ｂｕｒｅａｕ．ｅｘａｍｐｌｅ．ｃｎ",
    "https://bureau.example.cn。",
    "https://bureau.example.cn，",
    " https://bureau.example.cn\n",
    "　https://bureau.example.cn　",
    "https:// bureau. example. cn",
    "https://bureau.example.cn\u200b",
    "\ufeffhttps://bureau.exam\u00adple.cn",
    "https\u00a0://bureau.example.cn",
    "“https://bureau.example.cn”",
    "《https://bureau.example.cn》",
    "HTTPS://bureau.example.cn",
    "https//bureau.example.cn",
    "https:bureau.example.cn",
    "https:/bureau.example.cn",
    "https:\\\\bureau.example.cn",
    "https://\nbureau.example.cn",
]


@pytest.mark.parametrize("typed", TYPED)
def test_the_address_that_was_meant_is_read(typed: str) -> None:
    assert read_address(typed) == MEANT


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("bureau。example。cn", "bureau.example.cn"),
        ("ｂｕｒｅａｕ.example.cn", "bureau.example.cn"),
        ("https://bureau.example.cn:８４４３", "https://bureau.example.cn:8443"),
        ("https://bureau.example.cn：8443", "https://bureau.example.cn:8443"),
        ("bureau－one.example.cn", "bureau-one.example.cn"),
        ("教育局.example.cn", "教育局.example.cn"),
        ("https.example.cn", "https.example.cn"),
        ("httpd.example.cn", "httpd.example.cn"),
        ("2001:db8::1", "[2001:db8::1]"),
        ("２００１：ｄｂ８：：１", "[2001:db8::1]"),
        ("[::1]", "[::1]"),
        ("http://127.0.0.1:8000 ", "http://127.0.0.1:8000"),
        ("https://bureau.example.cn/console/", "https://bureau.example.cn/console/"),
        ("", ""),
        ("。", ""),
    ],
)
def test_what_is_not_meant_otherwise_stays(typed: str, read: str) -> None:
    assert read_address(typed) == read


@pytest.mark.parametrize("typed", TYPED)
def test_a_pasted_invitation_is_read_as_it_was_typed(typed: str) -> None:
    invited = Invitation(code="12345678", address=MEANT)
    for text in (
        f"xuncha:1;12345678;;{typed}",
        f"ｘｕｎｃｈａ：１；１２３４ ５６７８；；{typed}",
        f"邀请码：Xuncha:1;1234\n5678;;{typed}",
    ):
        assert Invitation.parse(text) == invited


@example("http0C¸")  # NFKC makes a space and a mark of the last sign
@given(
    st.text("abhps019.:/-。：／、；　 \n\u200b－ｈ教[]#\\“") | st.from_regex(r"https?[:：;/／]*\w+")
)
def test_any_text_is_read_once_and_for_all(text: str) -> None:
    assert fold_typed(fold_typed(text)) == fold_typed(text)
    assert not set(read_address(text)) & set("。：／、　\u200b\n")
    Invitation.parse(f"xuncha:1;{text}")


@given(st.text())
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    assert not set(read_address(text)) & set("。：／、　\u200b\n")
    assert Invitation.parse(text) is None  # only what a bureau made is an invitation
