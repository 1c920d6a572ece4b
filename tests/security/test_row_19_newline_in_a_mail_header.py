"""Whatever a name, a subject or an address says, a mail has the headers we wrote and no other."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.mail.errors import MailAddressError
from bot.mail.message import Sender, mail_address, message_ids, one_line, readable, to_letter
from bot.mail.templates import LONGEST_SUBJECT
from bot.storage.tables_outgoing import OutgoingMail

SENDER = Sender("Kendrascntt", "support@shop.example")
OURS = {
    *("from", "to", "subject", "date", "message-id", "mime-version", "content-type"),
    *("content-transfer-encoding", "in-reply-to", "references"),
}
# Any text, and text that would like to begin a header, in every way a line can end.
ENDS = (
    "\n",
    "\r",
    "\r\n",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "=\n",
    "%0a",
    "\x00",
)
INJECTED = st.builds(
    lambda before, end, after: f"{before}{end}Bcc: mallory@example.com{end}{end}{after}",
    st.text(max_size=40),
    st.sampled_from(ENDS),
    st.text(max_size=40),
)
TEXT = st.one_of(st.text(max_size=300), INJECTED, st.text("\r\n =?BQ:,<>@", max_size=60))


def sent(name: str, subject: str, address: str, answered: str, body: str) -> bytes:
    """A mail as the outbox stores it and the delivery sends it."""
    ids = message_ids(answered)[:1]
    mail = OutgoingMail(
        message_id="<0123@shop.example>",
        to_address=mail_address(address),
        to_name=one_line(name, 200) or None,
        subject=one_line(subject, LONGEST_SUBJECT),
        text=readable(body) + "\n",
        html=None,
        headers={"In-Reply-To": ids[0], "References": " ".join(ids)} if ids else {},
        created_at=datetime(2026, 11, 17, tzinfo=UTC),
    )
    return to_letter(mail, SENDER).content


@settings(max_examples=400, deadline=None)
@given(name=TEXT, subject=TEXT, answered=TEXT, body=TEXT)
@example(
    name="Alice\r\nBcc: m@example.com", subject="x\n\nbody", answered="<a@b>\nX: 1", body="\n.\n"
)
@example(name="Æsa Þórsdóttir 王小明 علي", subject="é" * 300, answered="<a@b.example>", body="")
@example(name='"', subject="=?utf-8?q?=0ABcc:_m@example.com?=", answered="", body="From x\n")
def test_no_text_becomes_a_header(name: str, subject: str, answered: str, body: str) -> None:
    raw = sent(name, subject, "alice@example.com", answered, body)
    mail = message_from_bytes(raw, policy=default)
    assert {header.lower() for header in mail.keys()} <= OURS  # noqa: SIM118  # not a mapping
    assert len(mail.keys()) == len({header.lower() for header in mail.keys()})  # noqa: SIM118
    assert mail["To"].addresses[0].addr_spec == "alice@example.com"
    assert len(mail["To"].addresses) == 1
    assert mail["Bcc"] is None
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert b"\n" not in head.replace(b"\r\n", b"")


@settings(max_examples=400, deadline=None)
@given(address=st.one_of(TEXT, st.emails(), st.builds(lambda t: f"alice@example.com{t}", TEXT)))
@example(address="alice@example.com\nBcc: mallory@example.com")
@example(address="alice@example.com, mallory@example.com")
@example(address='"a\r\nb"@example.com')
@example(address="jürgen@bücher.example")
def test_no_address_becomes_a_header_or_a_second_address(address: str) -> None:
    try:
        raw = sent("Alice", "Your request", address, "", "Hello.")
    except MailAddressError:
        return
    mail = message_from_bytes(raw, policy=default)
    assert {header.lower() for header in mail.keys()} <= OURS  # noqa: SIM118
    assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        (" Alice@Example.com ", "Alice@example.com"),
        ("alice@bücher.example", "alice@xn--bcher-kva.example"),
        ("alice+rings@example.com", "alice+rings@example.com"),
    ],
)
def test_an_address_is_sent_to_as_its_owner_wrote_it(typed: str, sent_to: str) -> None:
    assert mail_address(typed).lower() == sent_to.lower()


def test_an_international_name_and_a_long_subject_arrive_as_they_were_written() -> None:
    name, subject = "Æsa Þórsdóttir 王小明", "Ihre Anfrage: Größe geändert " * 6
    mail = message_from_bytes(sent(name, subject, "aesa@example.com", "", "é"), policy=default)
    assert mail["To"].addresses[0].display_name == name
    assert mail["Subject"] == subject.strip()
