"""A phone that is killed again and again while it seals and while it delivers, loses nothing."""

from tests.kills.asking import campaign

KILLS = 100  # `python -m tests.kills sealing --kills 5000` for more
A_FEW = 20  # how many there are depends on the machine's speed; none at all would prove nothing


def test_a_phone_killed_while_sealing_keeps_what_it_sealed_and_nothing_half() -> None:
    done = campaign("sealing", KILLS)
    assert done["kills"] == KILLS and done["reports"] > A_FEW
    assert done["midway"] > 10, "kills between the picture and the end of sealing"


def test_a_phone_killed_while_delivering_delivers_once() -> None:
    done = campaign("upload", KILLS)
    assert done["kills"] == KILLS and done["photos"] == 2 * done["reports"] > A_FEW
    assert done["midway"] > 25, "kills within a round"
    assert done["held"] > 0, "kills after the bureau had it and before the phone knew"
