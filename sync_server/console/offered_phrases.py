"""The phrases that a decision form offers: what the bureau has written, else the built-in ones."""

from collections.abc import Mapping
from dataclasses import replace

from sync_server.casework.phrases import is_read
from sync_server.console.decision_form import DecisionForm, DecisionOption
from sync_server.console.words import Wording, sentences
from sync_server.domain.phrases import PhraseSlot, Way

Written = Mapping[str, tuple[str, ...]]  # phrases by the code of their slot


def built_in_phrases(slot: str, wording: Wording) -> tuple[str, ...]:
    """Those of words.json; () for a slot that has none."""
    name = f"phrase.{slot}"
    return (wording.say(name),) if name in sentences() else ()


def with_phrases(form: DecisionForm, written: Written, wording: Wording) -> DecisionForm:
    """The form with what is proposed for each step, and for its reasons."""
    options = (
        _with_phrases(option, written, wording)
        if is_read(Way(form.seen_state, option.to))
        else option
        for option in form.options
    )
    return replace(form, options=tuple(options))


def phrases_of(slot: PhraseSlot, written: Written, wording: Wording) -> tuple[str, ...]:
    return written.get(slot.code, built_in_phrases(slot.code, wording))


def _with_phrases(option: DecisionOption, written: Written, wording: Wording) -> DecisionOption:
    slots = [option.to, *(f"{option.to}.{reason.code}" for reason in option.reasons)]
    found = (written.get(slot, built_in_phrases(slot, wording)) for slot in slots)
    return replace(option, phrases=tuple(phrase for each in found for phrase in each))
