"""What a visitor reads comes from the files, filled in, with its section."""

from pathlib import Path

import pytest

from bot.app import Services
from bot.assistant import TitledButton, WordingError, Words
from bot.assistant.wording import placeholders

FILE = """
version: "3.1"
responses:
  utter_a:
    - text: "Order {order_number}: {urgent_reply}."
      buttons:
        - title: "Track {order_number}"
          payload: 'track_order{"order_number": "{order_number}"}'
      metadata:
        clause: ["3.urgent_reply", "3.general_reply"]
        asks: email
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yml").write_text(FILE)
    return tmp_path


def test_figures_come_from_the_policy_and_the_section_with_them(
    services: Services, folder: Path
) -> None:
    said = Words(folder, services.policy).say("utter_a", {"order_number": "1001"})
    assert said.text == "Order 1001: 24 business hours."
    assert [s["section"] for s in said.sources] == ["3"]
    assert said.asks == "email"
    assert said.buttons[0]["title"] == "Track 1001"
    assert said.buttons[0]["entities"] == {"order_number": "1001"}


def test_a_button_for_a_label_is_titled_with_the_labels_name(
    services: Services, folder: Path
) -> None:
    (folder / "b.yml").write_text(
        FILE.replace("utter_a", "utter_topics")
        .replace("Track {order_number}", "Find it")
        .replace('{"order_number": "{order_number}"}', "")
    )
    words = Words(folder, services.policy)
    args = {"order_number": "1001"}
    said = words.say("utter_a", args, [TitledButton(label="track_order")])
    assert [button["title"] for button in said.buttons] == ["Find it", "Track 1001"]
    with pytest.raises(WordingError, match="utter_topics has no button for faq/scope"):
        words.say("utter_a", args, [TitledButton(label="faq/scope")])


def test_what_a_visitor_typed_is_never_read_as_a_placeholder(
    services: Services, folder: Path
) -> None:
    said = Words(folder, services.policy).say("utter_a", {"order_number": "{shop}"})
    assert said.text.startswith("Order {shop}:")


def test_a_missing_value_is_named(services: Services, folder: Path) -> None:
    with pytest.raises(WordingError, match="utter_a lacks a value for 'order_number'"):
        Words(folder, services.policy).say("utter_a", {})


def test_an_edited_file_is_live_at_once(services: Services, folder: Path) -> None:
    words = Words(folder, services.policy)
    words.say("utter_a", {"order_number": "1"})
    (folder / "a.yml").write_text(FILE.replace("Order {order", "Your order {order"))
    assert words.say("utter_a", {"order_number": "1"}).text.startswith("Your order 1")


def test_a_half_saved_edit_does_not_silence_the_assistant(services: Services, folder: Path) -> None:
    words = Words(folder, services.policy)
    words.say("utter_a", {"order_number": "1"})
    (folder / "a.yml").write_text("responses:\n  utter_a:\n    - text: 'Order")
    assert words.say("utter_a", {"order_number": "1"}).text.startswith("Order 1")


@pytest.mark.parametrize(
    "half_saved",
    [
        "responses:",
        "- a list",
        "words",
        "",
        FILE.replace("payload: 'track_order", "pay: 'track_order"),
        FILE.replace("{urgent_reply}", "{urgant_reply}"),
        FILE.replace("{urgent_reply}", "{urgent_reply"),
        FILE.replace("- text:", "- words:"),
    ],
)
def test_whatever_is_saved_by_mistake_what_was_said_last_stands(
    services: Services, folder: Path, half_saved: str
) -> None:
    words = Words(folder, services.policy)
    words.say("utter_a", {"order_number": "1"})
    (folder / "a.yml").write_text(half_saved)
    assert words.say("utter_a", {"order_number": "1"}).text == "Order 1: 24 business hours."


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (FILE.replace("3.urgent_reply", "9.nothing"), "cites '9.nothing', no policy clause"),
        (FILE.replace('- text: "Order', '- text: "Order" "'), r"a\.yml:5"),
    ],
)
def test_a_broken_file_is_named(services: Services, tmp_path: Path, spoilt: str, told: str) -> None:
    (tmp_path / "a.yml").write_text(spoilt)
    with pytest.raises(WordingError, match=told):
        Words(tmp_path, services.policy).say("utter_a", {"order_number": "1"})


def test_the_same_name_in_two_files_is_refused(services: Services, folder: Path) -> None:
    (folder / "b.yml").write_text(FILE)
    with pytest.raises(WordingError, match="utter_a is also in"):
        Words(folder, services.policy).say("utter_a", {"order_number": "1"})


def test_a_support_address_is_shown_only_where_one_is_set(services: Services) -> None:
    folder = services.settings.responses_dir
    without = Words(folder, services.policy).say("utter_faq/contact", {})
    assert "@" not in without.text
    with_one = Words(folder, services.policy, support_email="help@example.com")
    assert "help@example.com" in with_one.say("utter_faq/contact", {}).text


def test_no_answer_of_the_shop_has_a_figure_of_its_own(services: Services) -> None:
    for name, response in services.words.responses().items():
        bare = response.text
        for placeholder in placeholders(bare):
            bare = bare.replace("{" + placeholder + "}", "")
        assert not any(c.isdigit() for c in bare), f"{name} has a figure typed by hand"


def test_every_answer_about_the_policy_has_its_section(services: Services) -> None:
    for name, response in services.words.responses().items():
        if name.startswith(("utter_faq/", "utter_out_of_scope/")):
            assert response.clauses, f"{name} has no clause"
