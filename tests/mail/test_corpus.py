"""Mails as people and their programs write them, and worse, are all read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail.incoming import LONGEST_TEXT, ParsedMail, read_mail
from bot.mail.quoting import own_words

CORPUS = Path(__file__).parent / "corpus"
AUTOMATIC = sorted(path.stem for path in CORPUS.glob("automatic_*.eml"))


def mail(name: str) -> ParsedMail:
    return read_mail((CORPUS / f"{name}.eml").read_bytes())


def test_a_plain_mail_has_its_sender_its_subject_and_its_words() -> None:
    plain = mail("plain")
    assert (plain.from_name, plain.from_address) == ("Alice Example", "alice@example.com")
    assert (plain.subject, plain.message_id) == ("My order", "plain@example.com")
    assert plain.text.startswith("Hello,\n\nmy order #1001 arrived")
    assert plain.automatic is None


def test_of_two_versions_the_plain_one_is_read_once() -> None:
    assert mail("alternative").text == "Where is my order 1001?"


def test_html_becomes_plain_text_without_scripts_styles_pictures_and_addresses() -> None:
    text = mail("html_only").text
    assert "Does the café ring come in size" in text
    assert "gold" in text
    for hidden in ("alert", "color", "tracker", "evil", "<"):
        assert hidden not in text


def test_of_nested_parts_the_text_is_read_and_the_files_are_found() -> None:
    nested = mail("nested")
    assert nested.text == "One of the earrings is bent. It looks like the café picture."
    assert [(a.name, a.inline) for a in nested.attached] == [
        ("logo.png", True),
        ("ohrringé.jpg", False),
    ]


def test_an_unknown_character_set_costs_no_text() -> None:
    assert mail("broken_charset").text == "My necklace is tarnished, café au lait coloured."


def test_encoded_words_are_decoded_in_names_and_subjects() -> None:
    words = mail("encoded_words")
    assert (words.from_name, words.subject) == ("Zoë Example", "Café table 💍")


def test_flowed_lines_are_joined_and_the_signature_goes() -> None:
    assert mail("flowed").text == (
        "I would like to return the bracelet that I bought last week.\n\n"
        "> old text that goes on\nFrom a stuffed line"
    )


def test_text_in_base64_is_read() -> None:
    assert mail("base64_text").text == "Where is my refund for order 1001? – Alice"


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("quoted_reply", "Here is the photo you asked for."),
        ("outlook_reply", "Yes, please exchange it."),
        ("answered_within", "Order 1001.\n\n\nThe clasp."),
    ],
)
def test_what_is_quoted_is_cut_and_kept_beside(name: str, own: str) -> None:
    reply = mail(name)
    assert reply.text == own
    assert "support@shop.example" in reply.whole


def test_a_mail_that_only_quotes_is_kept_whole() -> None:
    assert own_words("> all of it\n> is quoted", is_reply=True) == "> all of it\n> is quoted"


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\nOn Monday I got the parcel and the courier wrote:\nnothing is inside. Order 1001. "
        "Please refund me",
        "The courier's note:\n\n> nothing is inside",
        "From: the shop\nTo: me\nit took three weeks",
    ],
)
def test_a_mail_that_answers_none_keeps_what_its_writer_cites(text: str) -> None:
    assert own_words(text, is_reply=False) == text


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, Nov 17, 2026 at 9:00 AM Support wrote:",
        "On Tuesday, 17 November 2026, Support wrote:",
        "On Tue, Nov 17 Support\n<support@shop.example> wrote:",
        "From: Shop <support@shop.example>\nSent: 17 November 2026\nTo: Alice\nSubject: x",
    ],
)
def test_what_a_program_quotes_is_cut_without_a_thread_too(introduction: str) -> None:
    assert own_words(f"Yes, please.\n\n{introduction}\n\n> old", is_reply=False) == "Yes, please."


@pytest.mark.parametrize(
    ("value", "is_machine"),
    [
        ("DR, RN, NRN", False),
        ("All", True),
        ("OOF", True),
        ("dr,AutoReply", True),
    ],
)
def test_who_only_wants_no_receipts_is_no_machine(value: str, is_machine: bool) -> None:
    raw = f"X-Auto-Response-Suppress: {value}\n".encode() + (CORPUS / "plain.eml").read_bytes()
    assert bool(read_mail(raw).automatic) == is_machine


def test_a_mail_without_anything_is_read() -> None:
    assert (mail("empty").text, mail("empty").from_address) == ("", "alice@example.com")
    assert mail("no_sender").from_address is None
    assert mail("unclosed_parts").text == "not closed"


@pytest.mark.parametrize("name", AUTOMATIC)
def test_what_a_machine_wrote_is_told(name: str) -> None:
    assert mail(name).automatic


def test_an_empty_envelope_sender_is_a_report() -> None:
    raw = (CORPUS / "plain.eml").read_bytes()
    assert read_mail(raw, envelope_from="").automatic == "an empty return path"
    assert read_mail(raw, envelope_from="alice@example.com").automatic is None


def test_a_delivery_report_names_the_mail_the_recipient_and_the_cause() -> None:
    bounce = mail("bounce").bounce
    assert bounce is not None
    assert bounce.failed
    assert bounce.message_ids == ("ack-1@shop.example",)
    assert bounce.recipient == "alice@example.com"
    assert "550 5.1.1 No such user here" in bounce.cause


def test_the_same_mail_by_two_ways_has_one_digest() -> None:
    raw = (CORPUS / "plain.eml").read_bytes()
    delivered = b"Return-Path: <alice@example.com>\r\nReceived: from mx\r\n" + raw.replace(
        b"\n", b"\r\n"
    )
    assert read_mail(raw).digest == read_mail(delivered).digest
    assert read_mail(raw).digest != read_mail(raw.replace(b"broken", b"bent")).digest


def test_what_is_too_long_is_cut_with_a_note() -> None:
    raw = b"From: alice@example.com\nSubject: x\n\n" + b"word " * 100_000
    long = read_mail(raw)
    assert len(long.whole) == LONGEST_TEXT
    assert any("characters" in note for note in long.notes)


@pytest.mark.parametrize("depth", [13, 99, 5_000])
def test_parts_within_parts_end_somewhere(depth: int) -> None:
    raw = b"From: alice@example.com\nSubject: deep\n"
    for level in range(depth):
        raw += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level)
    deep = read_mail(raw + b"\nhello")
    assert deep.from_address == "alice@example.com"
    assert deep.notes


def test_many_parts_are_not_all_read() -> None:
    part = b"--b\nContent-Type: text/plain\n\nx\n"
    head = b'From: alice@example.com\nContent-Type: multipart/mixed; boundary="b"\n\n'
    assert read_mail(head + part * 1_000).notes


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(sorted(CORPUS.glob("*.eml"))), st.data())
def test_no_damage_to_a_mail_makes_reading_it_fail(
    noise: bytes, path: Path, data: st.DataObject
) -> None:
    raw = path.read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    damaged = read_mail(raw[:at] + noise + raw[at + len(noise) // 2 :])
    damaged.text.encode()
    damaged.subject.encode()
    damaged.from_name.encode()


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="On wrote:From>\n -_aSent", max_size=2_000))
def test_cutting_loses_nothing_but_quotations_and_takes_no_time(text: str) -> None:
    for is_reply in (True, False):
        assert bool(own_words(text, is_reply=is_reply)) == bool(text.strip())
