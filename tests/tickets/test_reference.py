"""References can be read aloud and catch a slip."""

from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.reference import ALPHABET, new_reference, read_reference

references = st.builds(lambda _: new_reference(), st.integers())


def test_a_reference_is_kc_and_eight_characters_without_look_alikes() -> None:
    reference = new_reference()
    assert reference.startswith("KC-")
    assert len(reference) == 11
    assert not set(reference[3:]) & set("01ILO")


@given(references, st.sampled_from(["{}", " {} ", "kc {}"]))
def test_case_blanks_hyphens_and_prefix_do_not_matter(reference: str, shape: str) -> None:
    body = reference[3:]
    assert read_reference(reference.lower()) == reference
    assert read_reference(shape.format(body[:4] + " " + body[4:].lower())) == reference


@given(references, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(reference: str, place: int, other: str) -> None:
    body = reference[3:]
    if other != body[place]:
        assert read_reference("KC-" + body[:place] + other + body[place + 1 :]) is None


@given(references, st.integers(0, 6))
def test_every_swapped_pair_is_noticed(reference: str, place: int) -> None:
    body = list(reference[3:])
    if body[place] != body[place + 1]:
        body[place], body[place + 1] = body[place + 1], body[place]
        assert read_reference("KC-" + "".join(body)) is None


@given(st.text(max_size=40))
def test_anything_else_is_no_reference(text: str) -> None:
    read = read_reference(text)
    assert read is None or read.startswith("KC-")
