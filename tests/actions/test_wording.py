"""Every answer the dialogue can give has its words, and the words ask for nothing it lacks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions.contact_details import ContactDetailsForm
from actions.fulfilment import ASKED_FOR, JOINED_AND_ANSWERED, JOINED_RESPONSES
from actions.request_form import RequestForm
from actions.requests import REQUESTS
from actions.server import executor_for
from bot.assistant import Words, faults_of_answers
from bot.assistant.check_answers import ARGUMENT_NAMES
from bot.policy import load_policy
from bot.settings import ROOT, Settings
from bot.tickets import Standing
from bot.tickets.categories import category_of
from tests.actions.pieces import ProductsInMemory
from tests.actions.server_with_orders import CodesInMemory, OrdersInMemory, TicketsInMemory

UTTER = re.compile(r'"(utter_[a-z_/]+)"')
# What a reply may bring: what was given, what an order shows, what the gateway knows of a ticket.
ARGUMENTS = {
    **dict.fromkeys(("order_number", "email", "name", "description"), "given"),
    **dict.fromkeys(("category", "orders", "request"), "listed"),
    **{f"choice_{slot}": slot for slot in ("order_number", "email", "name", "description")},
    **dict.fromkeys(
        ("state", "carrier", "tracking_number", "last_event", "last_event_at"), "shown"
    ),
    **dict.fromkeys(("product", "piece", "materials", "sizes", "care", "price", "stock"), "one"),
    **dict.fromkeys(("pieces", "in_stock", "sold_out", "lowest", "highest"), "several"),
    **dict.fromkeys(("count", "first", "available"), "counted"),
    **dict.fromkeys(("asked", "size"), "wanted"),
    **dict.fromkeys(
        ("reference", "due", "due_exact", "reply_within", "reply_by", "promised"), "known"
    ),
    **dict.fromkeys(("agent", "language"), "named"),
}
STATES = ("received", "in_preparation", "shipped", "delivered", "cancelled")
FAQ = ("reply_times", "resolution_times", "contact", "returns", "shipping")


def read(path: str) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))


def words(support_email: str | None = None) -> Words:
    settings = Settings()
    policy = load_policy(settings.policy_file)
    return Words(settings.responses_dir, policy, support_email=support_email)


def said_by_the_dialogue() -> Iterator[str]:
    """Every response's name in the domain, in the actions and of the families."""
    yield from (a for a in read("domain.yml")["actions"] if a.startswith("utter_"))
    for source in sorted((ROOT / "actions").glob("*.py")):
        yield from UTTER.findall(source.read_text(encoding="utf-8"))
    yield from (f"utter_faq/{leaf}" for leaf in FAQ)
    yield from ("utter_out_of_scope/payment_processor", "utter_out_of_scope/unrelated")
    for told in ("order", "state"):
        yield from (f"utter_{told}_{state}" for state in STATES)
        yield from (f"utter_{told}_shipped_{how}" for how in ("untracked", "without_event"))
    told_of = set(Standing) - {Standing.WAITING_VISITOR}
    yield from (ASKED_FOR, *(f"utter_ticket_is_{standing}" for standing in told_of))
    yield from (*JOINED_RESPONSES.values(), JOINED_AND_ANSWERED)


@pytest.mark.parametrize("name", sorted(set(said_by_the_dialogue())))
def test_every_answer_of_the_dialogue_has_words(name: str) -> None:
    assert words().say(name, ARGUMENTS).text


@pytest.mark.parametrize("name", sorted(words().responses()))
def test_every_response_can_be_said_and_types_no_figure_of_the_policy(name: str) -> None:
    said = words("help@example.com").say(name, ARGUMENTS)
    raw = words().responses()[name].text
    assert said.text
    assert not re.search(r"\d+.{0,3}\d*\s+(business|working)?\s*(hours?|days?|weeks?)", raw)


def test_every_button_means_a_label_that_has_an_answer() -> None:
    labels = set(read("domain.yml")["intents"]) | {"return_to_assistant"}
    for file in (ROOT / "data" / "nlu").glob("*.yml"):
        labels |= {each["intent"] for each in read(str(file))["nlu"] if "intent" in each}
    spoken = words("help@example.com")
    for name in spoken.responses():
        for button in spoken.say(name, ARGUMENTS).buttons:
            assert button["label"] in labels, f"{name}: {button['title']}"


def test_no_answer_shows_an_address_while_none_is_set() -> None:
    spoken = words()
    for name in spoken.responses():
        if not name.endswith("_with_email") and name != "utter_invalid_email":
            assert "@" not in spoken.say(name, ARGUMENTS).text, name
    assert "help@example.com" in words("help@example.com").say("utter_faq/contact", {}).text


@pytest.mark.parametrize("form", [RequestForm, ContactDetailsForm])
def test_a_forms_slots_are_the_domains_and_each_is_asked_for(form: Any) -> None:
    domain = read("domain.yml")
    assert list(form.slots) == domain["forms"][form.form]["required_slots"]
    for slot in form.slots:
        asking = (f"action_ask_{form.form}_{slot}", f"utter_ask_{slot}")
        name = next(name for name in asking if name in domain["actions"])
        if name.startswith("utter_"):
            assert words().say(name, ARGUMENTS).asks == slot


def test_every_action_of_the_domain_is_served_and_no_other() -> None:
    served = set(
        executor_for(
            OrdersInMemory(), TicketsInMemory(), CodesInMemory(), ProductsInMemory()
        ).actions
    )
    wanted = {a for a in read("domain.yml")["actions"] if not a.startswith("utter_")}
    assert served == wanted


@pytest.mark.parametrize("label", REQUESTS)
def test_a_requests_opening_says_by_when_a_person_replies(label: str) -> None:
    said = words().say(f"utter_{label}_opening", {})
    urgent = load_policy(Settings().policy_file).ticket_class(category_of(label)) == "urgent"
    assert ("24 business hours" if urgent else "1–2 business days") in said.text
    assert "3" in {source["section"] for source in said.sources}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("received", "received"),
        ("in_preparation", "in preparation"),
        ("shipped", "shipped"),
        ("delivered", "delivered"),
        ("cancelled", "cancelled"),
    ],
)
def test_an_orders_answer_names_its_number_and_its_state(state: str, said: str) -> None:
    text = words().say(f"utter_order_{state}", {**ARGUMENTS, "order_number": "1001"}).text
    assert "1001" in text
    assert said in text


def test_a_trainer_may_use_just_what_replies_can_bring() -> None:
    assert set(ARGUMENTS) | {"support_email"} == ARGUMENT_NAMES
    assert faults_of_answers(words(), ROOT) == []


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (("{urgent_reply}", "{urgent_repl}"), "asks for {urgent_repl}"),
        (('"talk_to_human"', '"talk_to_humann"'), "means no known label"),
        (("utter_greet:", "utter_greeet:"), "utter_greet has no text"),
    ],
)
def test_a_slip_in_the_answers_is_told_before_training(
    tmp_path: Path, spoilt: tuple[str, str], told: str
) -> None:
    settings = Settings()
    for file in settings.responses_dir.glob("*.yml"):
        text = file.read_text(encoding="utf-8").replace(*spoilt)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    found = faults_of_answers(Words(tmp_path, load_policy(settings.policy_file)), ROOT)
    assert any(told in fault for fault in found)
