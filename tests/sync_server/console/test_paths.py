"""After a sign-in a browser stays here, whatever `next` says."""

from sync_server.console.paths import local_path, with_next

ELSEWHERE = (
    "",
    "inbox",
    "https://far.example/",
    "//far.example/",
    "///far.example/",
    "/\\far.example/",
    "\\\\far.example",
    "/\t/far.example",
    "/\n/far.example",
    "\t//far.example",
    "javascript:alert(1)",
    "/" + "x" * 3_000,
    "/inbox\r\nSet-Cookie: a=b",
)


def test_a_local_path_is_followed() -> None:
    paths = ["/", "/inbox?state=10&q=a%20b", "/records/1?next=//x"]
    assert [local_path(path) for path in paths] == paths


def test_anything_else_leads_to_the_start_page() -> None:
    assert [path for path in ELSEWHERE if local_path(path) != "/"] == []


def test_the_start_page_needs_no_next() -> None:
    assert with_next("/sign-in", "/") == "/sign-in"
    assert with_next("/sign-in", "/inbox?q=a&b") == "/sign-in?next=%2Finbox%3Fq%3Da%26b"
