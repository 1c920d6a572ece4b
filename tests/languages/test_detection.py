"""The language of a message: English is never taken for another one, and the others are found."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.languages import Detected, detect, language_name
from bot.languages.names import LATIN, OTHER_SCRIPTS
from bot.settings import ROOT

MESSAGES = Path(__file__).with_name("messages.yml")
WITH_A_NOTICE = ("es", "fr", "de", "it", "pt", "ar", "zh", "ja", "ko")
OTHERS = ("pl", "nl", "tr", "ru", "sv")
LEAST_RECALL = {**dict.fromkeys((*WITH_A_NOTICE, *OTHERS), 0.95), "tr": 0.8}
# Of the training messages these are not English, so no false alarms.
NOT_ENGLISH = {
    *("habla alguien español ahi", "oye, hablan español ustedes?", "donde esta mi pedido"),
    *("quiero hablar con una persona", "se me rompió la cadena", "parlez vous francais svp"),
    *("vous parlez français ou seulement anglais", "est ce que je peux parler français ici"),
    *("combien coûte la livraison", "je veux parler à quelqu'un", "wie spät ist es"),
    *("Sprechen Sie auch Deutsch oder nur Englisch?", "Mówicie po polsku?", "中文可以吗"),
    *("Hindi me baat kar sakte ho?", "kya aap hindi mein baat kar sakte hain"),
    *("SPRECHEN SIE DEUTSCH?",),
}
# And of those that are held out.
HELD_OUT_NOT_ENGLISH = {
    *("alguien por ahi que hable espanol?? mi ingles es malo", "où est la gare routière ?"),
    *("wie wird das wetter morgen in köln", "wer hat gestern bei bayern das tor geschossen"),
    *("¿quién ganó el mundial de 2010?", "cuanto cuesta un kilo de aguacates en el mercado"),
    *("нужна справка о доходах", "明天会下雨吗"),
}


def yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@cache
def messages() -> Any:
    return yaml(MESSAGES)


def training_messages() -> list[str]:
    blocks = [
        b for path in sorted((ROOT / "data" / "nlu").glob("*.yml")) for b in yaml(path)["nlu"]
    ]
    return [
        line.strip().removeprefix("- ")
        for block in blocks
        for line in block["examples"].splitlines()
        if line.strip()
    ]


def held_out_messages() -> list[str]:
    folder = ROOT / "tests" / "understanding"
    both = [
        *yaml(folder / "messages.yml")["messages"],
        *yaml(folder / "off_topic.yml")["off_topic"],
    ]
    return [message["text"] for message in both]


def test_no_english_training_message_is_taken_for_another_language() -> None:
    texts = training_messages()
    assert len(texts) > 9_000
    assert {text for text in texts if detect(text).sure} - NOT_ENGLISH == set()


def test_nor_one_that_is_shouted() -> None:
    shouted = {not_english.upper() for not_english in NOT_ENGLISH}
    assert {t.upper() for t in training_messages() if detect(t.upper()).sure} - shouted == set()


def test_nor_one_that_is_held_out() -> None:
    found = {text for text in held_out_messages() if detect(text).sure}
    assert found - HELD_OUT_NOT_ENGLISH == set()


@pytest.mark.parametrize("text", messages()["english"])
def test_names_addresses_numbers_slips_and_borrowed_words_say_no_language(text: str) -> None:
    assert not detect(text).sure


def test_what_is_known_to_be_taken_for_another_language_is_not_hidden() -> None:
    assert [text for text in messages()["taken_for_another"] if not detect(text).sure] == []


@pytest.mark.parametrize("piece", ["Fleur de Lis", "Étoile", "Belle Époque", "Amour Toujours"])
def test_a_question_for_a_piece_with_a_foreign_name_is_english(piece: str) -> None:
    for text in (piece, f"do you have the {piece} pendant in silver", f"{piece} earrings price"):
        assert not detect(text).sure, text


@pytest.mark.parametrize("language", [*WITH_A_NOTICE, *OTHERS])
def test_nearly_every_message_in_another_language_is_found(language: str) -> None:
    texts = messages()["messages"][language]
    assert len(texts) >= (40 if language in WITH_A_NOTICE else 10)
    found = [text for text in texts if detect(text) == Detected(language, sure=True)]
    assert len(found) >= LEAST_RECALL[language] * len(texts), set(texts) - set(found)


@pytest.mark.parametrize("language", [*WITH_A_NOTICE, *OTHERS])
def test_hardly_a_message_is_taken_for_the_wrong_language(language: str) -> None:
    wrong = [
        t for t in messages()["messages"][language] if detect(t).language not in (language, None)
    ]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize(
    ("text", "language"),
    [("gracias", "es"), ("que materiales usan", "es"), ("Accettate PayPal?", "it")],
)
def test_a_short_text_says_something_only_where_its_language_is_expected(
    text: str, language: str
) -> None:
    assert detect(text) == Detected(language, sure=False)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("سفارش من کجاست؟ هنوز چیزی به دستم نرسیده است", "fa"),
        ("Де моє замовлення? Я ще нічого не отримала", "uk"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("איפה ההזמנה שלי?", "he"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
        ("สินค้าของฉันอยู่ที่ไหน", "th"),
    ],
)
def test_letters_that_english_does_not_have_tell_their_language(text: str, language: str) -> None:
    assert detect(text) == Detected(language, sure=True)


def test_every_language_that_can_be_told_has_a_name() -> None:
    for tag in (*LATIN, *OTHER_SCRIPTS):
        assert language_name(tag)[0].isupper()
    assert language_name("xx") == "xx"


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "1001", "a", "’’’", "\ud800", "ö" * 1_000])
def test_whatever_is_sent_is_read_without_a_fault(text: str) -> None:
    assert not detect(text).sure
