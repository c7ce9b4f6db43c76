"""A one-time code becomes a token once; who guesses is slowed down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from contract import wire
from contract.protocol import Enrolment
from sync_server.phone_api.rate_limit import FREE, FREE_FOR_ALL, WINDOW, RateLimit
from sync_server.problems import TooManyTries
from sync_server.store.schema import devices, enrolments
from tests.sync_server.bureau import NOW, Bureau
from tests.sync_server.serving import Server, problem


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
    assert bureau.row(enrolments).code == sha256(code.encode()).hexdigest()
    assert bureau.row(devices).token == sha256(token.encode()).hexdigest()
    assert len(token) >= 43  # 256 bit


def test_a_code_is_taken_as_it_is_typed(server: Server, bureau: Bureau) -> None:
    for style in ("{0} {1}", "{0}-{1}", " {0}  - {1} "):
        code = bureau.code()
        assert ask(server, style.format(code[:4], code[4:]))[0] == 201, style


def test_full_width_digits_are_digits(server: Server, bureau: Bureau) -> None:
    wide = bureau.code().translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert ask(server, wide)[0] == 201


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


def test_who_guesses_has_to_wait(server: Server, bureau: Bureau) -> None:
    for _ in range(FREE):
        assert refused(server, "00000000") == (404, "code_not_valid")
    answer = server.client.post("/v1/enrolments", content=b'{"code":"00000000"}')
    assert problem(answer) == (429, "too_many_tries")
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW.total_seconds() + 1
    assert refused(server, bureau.code()) == (429, "too_many_tries")


def test_a_right_code_costs_nothing() -> None:
    tries = RateLimit()
    for _ in range(FREE_FOR_ALL * 2):
        tries.register_try("a", NOW)
        tries.forget_last_try("a")
    for _ in range(FREE):  # all the free tries are still there, and not one more
        tries.register_try("a", NOW)
    with pytest.raises(TooManyTries):
        tries.register_try("a", NOW)


def test_tries_at_the_same_moment_count_before_they_are_judged() -> None:
    tries = RateLimit()
    for _ in range(FREE):
        tries.register_try("a", NOW)
    with pytest.raises(TooManyTries):
        tries.register_try("a", NOW)


def test_after_the_window_tries_are_free_again() -> None:
    tries = RateLimit()
    for _ in range(FREE):
        tries.register_try("a", NOW)
    for _ in range(FREE):
        tries.register_try("a", NOW + WINDOW)
    with pytest.raises(TooManyTries):
        tries.register_try("a", NOW + WINDOW)


def test_many_addresses_together_are_slowed_down_too() -> None:
    tries = RateLimit()
    for n in range(FREE_FOR_ALL):
        tries.register_try(f"address-{n}", NOW)
    with pytest.raises(TooManyTries):
        tries.register_try("another", NOW)
