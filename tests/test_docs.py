"""What the docs say is there, is there: names in the code, tests, rules, decisions, links."""

import ast
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WITH_NAMES = ("README.md", "docs/architecture.md", "CONTRIBUTING.md")
NAMED = [
    (page, *named)
    for page in WITH_NAMES
    for named in re.findall(r"`([a-z_/]+\.py): ([A-Za-z_.]+)`", (ROOT / page).read_text())
]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*"))
    if path.suffix == ".md"
)
RULES = (ROOT / "docs/rules.md").read_text()
SECTIONS = re.split(r"^## ", RULES, flags=re.M)[1:]
# Others' words, and files that hold none.
STRANGE = re.compile(
    r"\.(lock|woff2?|ttf|onnx|png|wasm|jpg|bin|param)$|\.min\.js$|package-lock|LICENSE"
)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def defined(path: Path) -> set[str]:
    """Functions, classes, their methods, and constants at the top of a module."""
    names: set[str] = set()
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef):
            names |= {node.name} | {f"{node.name}.{name}" for name in _inside(node)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def _inside(node: ast.ClassDef) -> set[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {part.name for part in node.body if isinstance(part, kinds)}


@cache
def tracked() -> dict[str, str]:
    """Every text file of the repository, new ones included."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    files = (name for name in said.stdout.splitlines() if not STRANGE.search(name))
    return {name: (ROOT / name).read_text() for name in files if (ROOT / name).is_file()}


def test_the_readme_names_enough_of_the_code_to_follow_one_report() -> None:
    assert len([page for page, *_ in NAMED if page == "README.md"]) >= 20


def test_the_architecture_names_enough_of_the_code_to_follow_both_journeys() -> None:
    assert len([page for page, *_ in NAMED if page == "docs/architecture.md"]) >= 20


def test_what_the_docs_name_exists() -> None:
    gone = [
        f"{page} names {path}: {name}"
        for page, path, name in NAMED
        if not (ROOT / path).exists() or name not in defined(ROOT / path)
    ]
    assert gone == []


def test_every_folder_of_the_programs_stands_on_the_page_of_the_architecture() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    packages = [path.parent for path in ROOT.glob("*/*/__init__.py")]
    folders = {path.relative_to(ROOT).as_posix() for path in packages}
    ours = {folder for folder in folders if folder.startswith(("fieldapp", "sync_server"))}
    assert len(ours) > 15
    assert {folder for folder in ours if f"`{folder}/`" not in page} == set()


def test_paths_in_docs_lead_to_files() -> None:
    """In backquotes, from the root of the repository."""
    rooms = "contract|fieldapp|sync_server|tests|demo|bench|tools|docs"
    found = re.compile(rf"`((?:{rooms})/[\w/.-]*\w\.\w+)")
    gone = [
        f"{page}: {path}"
        for page in PAGES
        for path in found.findall((ROOT / page).read_text())
        if not (ROOT / path).exists()
    ]
    assert gone == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith("https://"):
            assert (ROOT / page).parent.joinpath(target).exists(), target


def test_every_rule_that_is_cited_stands_in_the_rules() -> None:
    written = set(re.findall(r"^## (L\d+) ", RULES, re.M))
    assert written == {f"L{n}" for n in range(1, len(written) + 1)}
    cited = {
        (name, rule)
        for name, text in tracked().items()
        for rule in re.findall(r"\bL\d{1,2}\b", text)
    }
    assert len(cited) > 40
    assert {(name, rule) for name, rule in cited if rule not in written} == set()


def test_every_test_that_a_page_names_exists() -> None:
    named = [
        (page, *test)
        for page in PAGES
        for test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / page).read_text())
    ]
    for page, least in (("docs/rules.md", 80), ("docs/security.md", 80)):
        assert len([one for one, *_ in named if one == page]) > least, page
    gone = [
        f"{page}: {path}::{test}"
        for page, path, test in named
        if not (ROOT / path).exists() or test not in defined(ROOT / path)
    ]
    assert gone == []


def test_each_point_of_the_standard_stands_once_in_the_table() -> None:
    rows = re.findall(r"^\| (v5\.0\.0-.*)$", (ROOT / "docs/security.md").read_text(), re.M)
    points = [point.strip() for row in rows for point in row.split("|")[0].split(",")]
    assert len(points) > 130
    assert [point for point in points if not re.fullmatch(r"v5\.0\.0-\d+\.\d+\.\d+", point)] == []
    assert [point for point, times in Counter(points).items() if times > 1] == []
    untested = [row for row in rows if not re.search(r"\| (`tests/|–)", row)]
    assert untested == []


def test_every_rule_says_what_holds_it_and_what_is_missing() -> None:
    rules = [section for section in SECTIONS if re.match(r"L\d+ ", section)]
    for section in rules:
        for part in ("- Source:", "- Today", "- Not yet", "- Tests:"):
            assert part in section, (section.splitlines()[0], part)
        assert "::test_" in section, section.splitlines()[0]


def test_no_file_cites_a_document_that_is_not_here() -> None:
    """Rules are in docs/rules.md, the diagram in docs/architecture.md, style in CONTRIBUTING.md."""
    absent = re.compile(r"\b(?:DOMAIN|DESIGN)\b|\b(?:STYLE|FLET|PWA|LOOK)\.md\b")
    cited = {name for name, text in tracked().items() if absent.search(text)}
    assert cited == {"tests/test_docs.py"}


def test_each_decision_is_numbered_once_and_stands_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    decisions = [path.name for path in sorted(folder.glob("[0-9]*.md"))]
    assert [name[:4] for name in decisions] == [f"{n:04d}" for n in range(1, len(decisions) + 1)]
    index = re.findall(r"^- \[\d{4}\]\(([^)]+)\)", (folder / "README.md").read_text(), re.M)
    assert sorted(index) == decisions


def test_every_command_of_the_makefile_is_in_its_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.M)
    told = set(re.findall(r'@echo "make ([a-z-]+)', makefile))
    assert set(phony.split()) - {"help"} == told


def test_what_make_quick_runs_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    (paths,) = re.findall(r"^PURE := (.*)$", makefile, re.M)
    assert [path for path in paths.split() if not (ROOT / path).exists()] == []
