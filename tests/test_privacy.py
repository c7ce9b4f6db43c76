"""Rules of docs/rules.md held against the tree: L1, L3, L5, L7, L9, L16 and L17."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from contract import patrol, place, protocol, reference, report
from contract.value import Value

ROOT = Path(__file__).parent.parent
PERSON = re.compile(
    r"person|phone_no|mobile|id_card|id_number|face|plate|gender|sex|birth|\bage\b|school|teacher"
    r"|student|parent|owner|surname|first_name|full_name|email|wechat|score|points|rank"
)
# Recognition, plate reading, age or identity inference, and anything that phones home.
DENIED = {
    *("face-recognition", "insightface", "deepface", "dlib", "facenet-pytorch", "arcface"),
    *("hyperlpr", "hyperlpr3", "openalpr", "easyocr", "paddleocr", "mediapipe", "retina-face"),
    *("sentry-sdk", "firebase-admin", "jpush", "posthog", "mixpanel", "google-analytics"),
    *("datadog", "newrelic", "rollbar", "bugsnag", "segment-analytics-python", "scrapy"),
}
# The county of the requirement and its places: no test, picture or page is about them (rule L16).
REAL = re.compile("乌审旗|鄂尔多斯|嘎鲁图|达布察克|乌兰陶勒盖|图克镇|无定河镇|苏力德苏木")
WORDS = ("fieldapp/ui/words.json", "fieldapp/ui/manual.json", "sync_server/console/words.json")


def values() -> Iterator[type[BaseModel]]:
    for module in (patrol, place, reference, protocol, report):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Value) and thing is not Value:
                yield thing


def test_no_field_of_the_contract_holds_a_person() -> None:
    for value in values():
        for field in value.model_fields:
            assert not PERSON.search(field), f"{value.__name__}.{field}"


LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-phone.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_no_dependency_recognises_people_or_phones_home(lock: str) -> None:
    names = set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / lock).read_text(), re.M))
    assert len(names) > 10
    assert not {name.lower().replace("_", "-") for name in names} & DENIED


def test_the_phone_asks_for_no_more_than_it_needs() -> None:
    flet = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["flet"]
    asked = flet["android"]["permission"]
    assert asked["android.permission.ACCESS_BACKGROUND_LOCATION"] is False
    wanted = {name.rsplit(".", 1)[-1] for name, on in asked.items() if on}
    assert not {name for name in wanted if re.search(r"AUDIO|MEDIA|CONTACTS|PHONE|SMS", name)}
    texts = {name for name in flet["ios"]["info"] if name.endswith("UsageDescription")}
    assert texts == {
        f"NS{what}UsageDescription" for what in ("Camera", "FaceID", "LocationWhenInUse")
    }


@pytest.mark.parametrize("where", WORDS)
def test_words_on_screen_suspect_and_never_judge_or_rank(where: str) -> None:
    text = (ROOT / where).read_text()
    assert re.search("疑似|线索", text)
    for word in ("违规", "违法", "打卡", "积分", "排名", "排行", "得分", "重点人员"):
        assert word not in text, word


def test_nothing_shipped_names_a_foreign_host() -> None:
    """No font, map, script or push from outside (L17); a namespace is a name, not a call."""
    allowed = {"127.0.0.1", "localhost", "www.w3.org", "example.org", "bureau.example"}
    for folder in ("contract", "fieldapp", "sync_server", "demo"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix not in {".py", ".html", ".css", ".js", ".json", ".svg"}:
                continue
            if path.name.endswith(".min.js"):
                continue
            for host in re.findall(r"(?:https?|wss?)://([A-Za-z0-9.-]+)", path.read_text()):
                assert host in allowed, f"{path}: {host}"


def test_demo_docs_and_tests_are_of_an_invented_county() -> None:
    """Rule L16. Two spellings of a real area's name stand in the test of the address grammar."""
    assert '"示例旗' in (ROOT / "demo/county.json").read_text()
    spared = {"tests/contract/test_address.py", "tests/test_privacy.py"}
    kinds = ("*.py", "*.json", "*.md", "*.html", "*.js")
    for folder in ("contract", "fieldapp", "sync_server", "demo", "docs", "tests"):
        for path in (path for kind in kinds for path in (ROOT / folder).rglob(kind)):
            name = path.relative_to(ROOT).as_posix()
            if name not in spared and "node_modules" not in name:
                assert not REAL.search(path.read_text()), name
