"""A one-time code becomes a token once; who guesses is slowed down."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from contract import wire
from contract.protocol import Enrolment, EnrolmentRequest
from sync_server import problems
from sync_server.accounts.phones import GUESSES, MOST_WRONG, enrol, hash_code
from sync_server.store import devices as devices_store
from sync_server.store.engine import Store
from sync_server.store.schema import devices, enrolments
from tests.sync_server.bureau import NOW, Bureau
from tests.sync_server.serving import Server, problem, serving


def ask(server: Server, code: str, model: str = "示例手机") -> tuple[int, bytes]:
    body = wire.canonical({"code": code, "model": model})
    answer = server.client.post("/v1/enrolments", content=body)
    return answer.status_code, answer.content


def test_a_code_becomes_a_token(server: Server, bureau: Bureau) -> None:
    status, body = ask(server, bureau.code())
    enrolment = wire.decode(Enrolment, body)
    assert (status, enrolment.author, enrolment.grid_name) == (201, "wg1", "第1网格")
    assert (enrolment.bureau, enrolment.bureau_name) == (bureau.store.bureau, "示例旗教育体育局")
    answer = server.client.post(
        "/v1/sync",
        content=b'{"protocol":1,"sent_at":"2026-11-20T20:00:00Z"}',
        headers={"Authorization": f"Bearer {enrolment.token}"},
    )
    assert answer.status_code == 200


def test_neither_code_nor_token_is_stored(server: Server, bureau: Bureau) -> None:
    code = bureau.code()
    token = wire.decode(Enrolment, ask(server, code)[1]).token
    assert code not in repr(bureau.row(enrolments))
    assert bureau.row(devices).token == sha256(token.encode()).hexdigest()
    assert len(token) >= 43  # 256 bit


def test_a_code_is_taken_as_it_is_typed(server: Server, bureau: Bureau) -> None:
    for style in ("{0} {1}", "{0}-{1}", " {0}  - {1} "):
        code = bureau.code()
        assert ask(server, style.format(code[:4], code[4:]))[0] == 201, style


def test_full_width_digits_are_digits(server: Server, bureau: Bureau) -> None:
    wide = bureau.code().translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert ask(server, wide)[0] == 201


def test_digits_of_another_script_are_digits_or_a_worded_refusal(
    server: Server, bureau: Bureau
) -> None:
    """A Mongolian or Arabic keyboard has digits of its own; Chinese figures are no digits."""
    for zero in ("٠", "᠐"):
        code = bureau.code().translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)})
        assert ask(server, code)[0] == 201, zero
    han = bureau.code().translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    assert refused(server, han) == (404, "code_not_valid")


def refused(server: Server, code: str) -> tuple[int, str]:
    body = wire.canonical({"code": code})
    return problem(server.client.post("/v1/enrolments", content=body))


def test_an_unknown_code_is_refused(server: Server) -> None:
    for code in ("", "12345678", "abc", "1" * 100):
        assert refused(server, code) == (404, "code_not_valid"), code


def test_a_used_code_is_refused_like_an_unknown_one(server: Server, bureau: Bureau) -> None:
    code = bureau.code()
    ask(server, code)
    assert refused(server, code) == (404, "code_not_valid")


def test_a_code_is_over_after_its_time(server: Server, bureau: Bureau) -> None:
    code = bureau.code(now=datetime.now(UTC) - timedelta(hours=73), lasts_s=72 * 3600)
    assert refused(server, code) == (410, "code_expired")


def test_a_code_of_another_post_than_the_phone_is_of_stays_good(
    server: Server, bureau: Bureau
) -> None:
    code = bureau.code()
    body = wire.canonical({"code": code, "author": "another"})
    assert problem(server.client.post("/v1/enrolments", content=body)) == (409, "other_post")
    assert bureau.count(devices) == 0
    assert ask(server, code)[0] == 201
    again = wire.canonical({"code": bureau.code(), "author": "wg1"})
    assert server.client.post("/v1/enrolments", content=again).status_code == 201


def test_a_request_that_cannot_be_read_is_refused(server: Server) -> None:
    for body in (b"", b"{", b'{"code":5}', b'{"code":"%s"}' % (b"1" * 101)):
        status, code = problem(server.client.post("/v1/enrolments", content=body))
        assert (status, code in {"not_json", "unreadable"}) == (400, True), body


def test_of_eight_phones_with_one_code_one_is_enrolled(server: Server, bureau: Bureau) -> None:
    code = bureau.code()
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: ask(server, code)[0], range(4)))
    assert sorted(answers) == [201, 404, 404, 404]
    assert bureau.count(devices) == 1


def test_who_guesses_has_to_wait(server: Server) -> None:
    for _ in range(GUESSES.free):
        assert refused(server, "000000000000") == (404, "code_not_valid")
    answer = server.client.post("/v1/enrolments", content=b'{"code":"000000000000"}')
    assert problem(answer) == (429, "too_many_tries")
    assert 0 < int(answer.headers["retry-after"]) <= GUESSES.first.total_seconds() + 1


def test_a_right_code_is_right_in_a_storm(server: Server, bureau: Bureau) -> None:
    """From the same address and from others, and after a restart."""
    code = bureau.code()
    for n in range(150):
        with suppress(problems.Problem):
            asked = EnrolmentRequest(code=f"{n:012d}")
            enrol(bureau.store, asked, datetime.now(UTC), f"198.51.100.{n % 20}")
    for _ in range(GUESSES.free + 2):
        refused(server, "99999999")
    assert ask(server, code)[0] == 201


def guess(bureau: Bureau, code: str, address: str) -> type[problems.Problem]:
    try:
        enrol(bureau.store, EnrolmentRequest(code=code), NOW, address)
    except problems.Problem as problem:
        return type(problem)
    raise AssertionError("it was right")


def test_wrong_guesses_harm_only_the_code_that_they_are_for(bureau: Bureau) -> None:
    code, other = bureau.code(now=NOW), bureau.code(now=NOW)
    while other[:4] == code[:4]:
        other = bureau.code(now=NOW)
    wrong = code[:4] + f"{(int(code[4:]) + 1) % 10**8:08d}"
    with bureau.store.writing() as tx:
        for _ in range(MOST_WRONG - 1):
            devices_store.count_wrong_guess(tx, code[:4])
    assert guess(bureau, wrong, "192.0.2.1") is problems.CodeNotValid
    assert guess(bureau, code, "192.0.2.2") is problems.CodeNotValid
    assert enrol(bureau.store, EnrolmentRequest(code=other), NOW).author == "wg1"


def test_all_of_one_ipv6_network_count_together(bureau: Bureau) -> None:
    said = [guess(bureau, "1" * 12, f"2001:db8::{n:x}") for n in range(GUESSES.free + 3)]
    assert said.count(problems.CodeNotValid) == GUESSES.free
    assert guess(bureau, "1" * 12, "2001:db8:0:1::1") is problems.CodeNotValid


def test_guesses_are_counted_across_a_restart(bureau: Bureau) -> None:
    for _ in range(GUESSES.free):
        guess(bureau, "1" * 12, "192.0.2.1")
    again = Bureau(bureau.settings, Store.open(bureau.settings.database, bureau.store.bureau))
    assert guess(again, "1" * 12, "192.0.2.1") is problems.TooManyTries
    again.store.close()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_header_does_not_say_who_is_calling(server: Server, header: str) -> None:
    """Unless the settings name the proxy that wrote it; this machine is none by itself."""
    for n in range(GUESSES.free):
        body = b'{"code":"1"}'
        server.client.post("/v1/enrolments", content=body, headers={header: f"192.0.2.{n}"})
    assert refused(server, "1") == (429, "too_many_tries")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_proxy_that_is_named_says_who_is_calling(bureau: Bureau) -> None:
    with serving(replace(bureau.settings, proxies="127.0.0.1")) as server:
        for n in range(GUESSES.free + 3):
            said = {"X-Forwarded-For": f"203.0.113.9, 192.0.2.{n}"}  # only the last was seen by it
            answer = server.client.post("/v1/enrolments", content=b'{"code":"1"}', headers=said)
            assert problem(answer) == (404, "code_not_valid")


def test_a_stored_code_cannot_be_found_by_trying_all(bureau: Bureau) -> None:
    """Each try costs what scrypt costs; a plain SHA-256 of 8 digits falls in minutes."""
    code = bureau.code()
    row = bureau.row(enrolments)
    assert row.code == hash_code(bureau.store.bureau, code) and row.public == code[:4]
    assert row.code not in {sha256(part.encode()).hexdigest() for part in (code, code[4:])}
    assert len(code) == 12 and code not in repr(row)
