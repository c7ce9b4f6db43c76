"""Drives the console in a real browser, as a person does: by what can be pressed on its pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from contract.cases import CaseState
from sync_server.console.words import Say, code_word, speaker

ZH = speaker("zh")


def enter(page: Page, staff: str, password: str, language: str = "zh") -> None:
    """Opens the console, chooses the language if it is not there already, and signs in."""
    page.goto("/")
    if language != "zh":
        page.get_by_role("link", name=ZH("app.language")).click()
    sign_in(page, staff, password, speaker(language))


def sign_in(page: Page, staff: str, password: str, say: Say = ZH) -> None:
    """From the page that asks who is there."""
    page.get_by_label(say("sign_in.staff")).fill(staff)
    page.get_by_label(say("sign_in.password")).fill(password)
    page.get_by_role("button", name=say("sign_in.go")).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@dataclass(frozen=True, slots=True)
class Said:
    """What is entered beside a step: fields with a list by id, codes, and what is typed."""

    comment: str = ""
    reason: str = ""
    receipt: str = ""
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ConsoleDriver:
    """One page of a browser, read in one language."""

    page: Page
    language: str = "zh"

    @property
    def say(self) -> Say:
        return speaker(self.language)

    def open(self, folder: str, record: str) -> None:
        """Opens a record from the console's first page, by the folder of a state and its row."""
        self.page.goto("/")
        link = self.page.locator(f".rail a[href$='/inbox?state={folder}']")
        if not link.get_attribute("aria-current"):  # else its rows go while one is clicked
            link.click()
        expect(link).to_have_attribute("aria-current", "page")
        row = self.page.locator(f"#row-{record}")
        row.click()
        expect(row).to_have_attribute("aria-current", "true")

    def step(self, to: str, said: Said = Said()) -> None:
        """Makes a step of the record that is open: to a state, or one of another kind."""
        page, form = self.page, self.page.locator("#decide")
        page.locator(f"label[for=to-{to}]").click()
        if said.reason:
            form.locator(f".of-{to} input[value={said.reason}]").check()
        for field, code in (said.choices or {}).items():
            form.locator(f"#{field}").select_option(code)
        for field, words in (("receipt", said.receipt), ("comment", said.comment)):
            if words:
                form.locator(f"#{field}").fill(words)
        form.locator(".answers > button[type=submit]").click()
        is_state = to in set(CaseState)
        word = code_word("case_state", to, self.language) if is_state else self.say(f"step.{to}")
        expect(page.locator(".flash")).to_contain_text(self.say("decide.done", step=word))
