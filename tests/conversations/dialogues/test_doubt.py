"""What is not sure is asked about with names a visitor knows, and never acted upon."""

from tests.visitor import Visitor

NOTHING_LIKE_IT = "the green one told me about the other green one upstairs"


def titles(visitor: Visitor) -> list[str]:
    return [button["title"] for button in visitor.newest[-1]["buttons"]]


def test_what_is_not_understood_is_asked_about_with_likely_topics_and_a_person(
    alice: Visitor,
) -> None:
    alice.say(NOTHING_LIKE_IT)
    assert len(titles(alice)) == 4
    assert titles(alice)[-1] == "Talk to a person"
    assert not alice.newest[-1].get("asks")


def test_a_second_misunderstanding_gets_a_person(alice: Visitor) -> None:
    alice.say(NOTHING_LIKE_IT)
    assert "KC-" in alice.say("blorp " + NOTHING_LIKE_IT)


def test_an_offered_topic_is_taken_up_by_its_button(alice: Visitor) -> None:
    alice.say(NOTHING_LIKE_IT)
    assert "I'm not sure" not in alice.press(titles(alice)[0])
