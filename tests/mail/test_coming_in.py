"""Mail is taken in by a real SMTP and a real IMAP conversation: once, and only when stored."""

import imaplib
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Services, compose, reception_of
from bot.mail.imap_mailbox import (
    ImapMailbox,
    MailboxAddress,
    MailboxAddressWrong,
    MailboxUnavailable,
)
from bot.mail.incoming import LARGEST_MAIL, TOO_LARGE
from bot.mail.receiving import Receipt
from bot.mail.smtp_listener import SmtpListener
from bot.settings import Settings
from bot.storage import DatabaseUnavailable
from bot.tickets import Tickets
from tests.conftest import SetClock
from tests.mail.imap_server import MailboxServer, imap_server
from tests.mail.incoming_cast import SUPPORT, Shop, raw, shop_of, written

ALICE = "alice@example.com"


@pytest.fixture
def shop(
    tmp_path: Path, clock: SetClock, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url, support_email=SUPPORT)
    services = compose(settings, clock)
    yield shop_of(services, Tickets(services.policy, services.calendar))
    services.database.close()


@pytest.fixture
def relay(shop: Shop) -> Iterator[smtplib.SMTP]:
    """A relay with a line to the shop's listener."""
    own = shop.services.signed_addresses
    assert own is not None
    listener = SmtpListener(shop.services.receiving, own, "127.0.0.1", 0)
    with smtplib.SMTP("127.0.0.1", listener.start(), timeout=10) as line:
        yield line
    listener.stop()


@pytest.fixture
def mailbox() -> Iterator[MailboxServer]:
    with imap_server() as server:
        yield server


def poll(shop: Shop, mailbox: MailboxServer) -> int:
    return ImapMailbox(shop.services.receiving, MailboxAddress.read(mailbox.url)).poll()


class Away:
    """A shop whose database is away for the first few mails."""

    def __init__(self, services: Services, times: int) -> None:
        self._receiving = services.receiving
        self._receive = services.receiving.receive
        self._times = times

    def receive(self, *values: object) -> Receipt:
        if self._times:
            self._times -= 1
            raise DatabaseUnavailable("the database is locked")
        return self._receive(*values)  # type: ignore[arg-type]


def test_a_relay_hears_that_a_mail_is_stored_when_it_is(shop: Shop, relay: smtplib.SMTP) -> None:
    assert relay.sendmail(ALICE, [SUPPORT], raw("plain")) == {}
    assert [mail.source for mail in shop.mails] == ["smtp"]
    relay.sendmail(ALICE, [SUPPORT], raw("plain"))
    assert len(shop.messages) == 1


def test_a_relay_keeps_a_mail_that_could_not_be_stored(
    shop: Shop, relay: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Away(shop.services, times=1)
    monkeypatch.setattr(shop.services.receiving, "receive", away.receive)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        relay.sendmail(ALICE, [SUPPORT], raw("plain"))
    assert refusal.value.smtp_code == 451
    assert shop.mails == []
    assert relay.sendmail(ALICE, [SUPPORT], raw("plain")) == {}
    assert len(shop.mails) == 1


def test_mail_for_somebody_else_is_not_relayed(shop: Shop, relay: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        relay.sendmail(ALICE, ["victim@example.org"], raw("plain"))
    assert refusal.value.recipients["victim@example.org"][0] == 550
    assert shop.mails == []


def test_the_signed_address_of_the_envelope_counts(shop: Shop, relay: smtplib.SMTP) -> None:
    relay.sendmail(ALICE, [SUPPORT], raw("plain"))
    shop.drafting.work_off()
    own = shop.services.signed_addresses
    assert own is not None
    to = own.of(shop.ticket.reference)
    relay.sendmail("partner@example.net", [to], written("Here.", sender="partner@example.net"))
    shop.drafting.work_off()
    assert len(shop.tickets) == 1


def test_a_mail_with_an_empty_envelope_sender_is_answered_by_nobody(
    shop: Shop, relay: smtplib.SMTP
) -> None:
    relay.sendmail("", [SUPPORT], raw("plain"))
    assert [mail.kind for mail in shop.mails] == ["automatic"]


def test_a_mail_that_is_too_large_is_refused_by_its_size(relay: smtplib.SMTP) -> None:
    relay.ehlo()
    assert relay.esmtp_features["size"] == str(LARGEST_MAIL)
    code, _ = relay.mail(ALICE, [f"size={LARGEST_MAIL + 1}"])
    assert code == 552


def test_a_line_that_is_longer_than_it_may_be_is_taken(shop: Shop, relay: smtplib.SMTP) -> None:
    relay.sendmail(ALICE, [SUPPORT], b"From: alice@example.com\n\n" + b"word " * 10_000)
    assert len(shop.mails) == 1


def test_new_mails_are_fetched_once_and_marked_as_seen(shop: Shop, mailbox: MailboxServer) -> None:
    mailbox.put(raw("plain"), raw("nested"), raw("automatic_out_of_office"))
    assert poll(shop, mailbox) == 3
    assert mailbox.seen() == [True, True, True]
    assert [mail.source for mail in shop.mails] == ["imap"] * 3
    assert poll(shop, mailbox) == 0
    assert len(shop.messages) == 2


def test_a_mail_is_seen_only_once_it_is_stored(
    shop: Shop, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.put(raw("plain"), raw("nested"))
    away = Away(shop.services, times=1)
    monkeypatch.setattr(shop.services.receiving, "receive", away.receive)
    with pytest.raises(DatabaseUnavailable):
        poll(shop, mailbox)
    assert mailbox.seen() == [False, False]
    assert shop.mails == []
    assert poll(shop, mailbox) == 2
    assert len(shop.mails) == 2


def test_a_mail_that_was_stored_and_not_marked_is_not_taken_twice(
    shop: Shop, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.put(raw("plain"))
    with monkeypatch.context() as broken:

        def hung_up(*_: object) -> None:
            raise imaplib.IMAP4.abort("the line broke")

        broken.setattr("imap_tools.BaseMailBox.flag", hung_up)
        with pytest.raises(MailboxUnavailable):
            poll(shop, mailbox)
    assert mailbox.seen() == [False]
    assert poll(shop, mailbox) == 1
    assert mailbox.seen() == [True]
    assert len(shop.messages) == 1


def test_one_mail_that_breaks_holds_up_no_other(
    shop: Shop, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.put(raw("nested"), raw("plain"))
    with monkeypatch.context() as broken:
        broken.setattr("bot.mail.receiving._attach", _fails_for_nested)
        assert poll(shop, mailbox) == 1
    assert mailbox.seen() == [False, True]
    assert poll(shop, mailbox) == 1
    assert len(shop.mails) == 2


def _fails_for_nested(_session: object, _message: object, kept: list[object], _now: object) -> None:
    if kept:
        raise RuntimeError("the disk is full")


def test_the_same_mail_by_both_ways_is_one(
    shop: Shop, mailbox: MailboxServer, relay: smtplib.SMTP
) -> None:
    relay.sendmail(ALICE, [SUPPORT], raw("plain"))
    mailbox.put(raw("plain"))
    assert poll(shop, mailbox) == 1
    assert len(shop.mails) == 1


def test_of_a_mail_that_is_too_large_the_headers_become_a_case(
    shop: Shop, mailbox: MailboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.mail.imap_mailbox.LARGEST_MAIL", 1_000)
    mailbox.put(written("word " * 1_000, subject="Photos of my ring"))
    poll(shop, mailbox)
    assert shop.messages[0].text == "Photos of my ring"
    assert TOO_LARGE in shop.mails[0].notes


def test_a_mailbox_that_refuses_is_named_without_the_password(
    shop: Shop, mailbox: MailboxServer
) -> None:
    wrong = mailbox.url.replace("p%2Fss", "guess")
    with pytest.raises(MailboxUnavailable) as refusal:
        ImapMailbox(shop.services.receiving, MailboxAddress.read(wrong)).poll()
    assert "127.0.0.1" in str(refusal.value)
    assert "guess" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["imaps://host", "pop://a:b@host", "imaps://a:secret@host:port/", "imaps://a:secret@"]
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(MailboxAddressWrong) as refusal:
        MailboxAddress.read(url)
    assert "secret" not in str(refusal.value)


def test_an_address_of_a_mailbox_has_defaults_and_may_be_encoded() -> None:
    address = MailboxAddress.read("imaps://support%40shop.example:p%2Fw@mail.example/Support/New")
    assert (address.port, address.folder) == (993, "Support/New")
    assert (address.user, address.password) == ("support@shop.example", "p/w")
    assert MailboxAddress.read("imaps://a:b@host").folder == "INBOX"


@pytest.mark.parametrize(
    "settings",
    [
        {"smtp_listen": "0.0.0.0:2525", "support_email": SUPPORT},
        {"smtp_listen": "2525", "support_email": SUPPORT},
        {"smtp_listen": "127.0.0.1:2525"},
    ],
)
def test_a_listener_that_may_not_be_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="BOT_SMTP_LISTEN"):
        Settings(_env_file=None, **settings)  # type: ignore[call-arg, arg-type]


def test_the_reception_starts_and_stops_in_order(shop: Shop, mailbox: MailboxServer) -> None:
    settings = shop.services.settings.model_copy(
        update={"smtp_listen": "127.0.0.1:0", "imap_url": mailbox.url}
    )
    composed = compose(settings, shop.services.clock)
    reception = reception_of(composed)
    reception.start()
    reception.stop()
    composed.database.close()
