"""A mail server's address is read, what is wrong with it is said, and its password never is."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.app import transport_of
from bot.mail.errors import MailAddressError
from bot.mail.mailbox_folder import MailboxFolder
from bot.mail.smtp import SmtpAddress
from bot.settings import Settings


def test_user_and_password_are_read_with_their_signs() -> None:
    found = SmtpAddress.of("smtp+starttls://shop%40example.com:p%3A%2F%40ss@mail.example")
    assert (found.user, found.password, found.port) == ("shop@example.com", "p:/@ss", 587)
    assert "p:/@ss" not in repr(found)


@pytest.mark.parametrize(
    "url", ["mail.example:25", "http://a:secret@b", "smtp://", "smtps://a:secret@b:port"]
)
def test_an_address_that_cannot_be_read_is_told_without_the_password(url: str) -> None:
    with pytest.raises(MailAddressError, match="BOT_SMTP_URL should be") as told:
        SmtpAddress.of(url)
    assert "secret" not in str(told.value)


def test_without_a_mail_server_mail_stays_on_the_disk(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, smtp_url=None)
    assert isinstance(transport_of(settings), MailboxFolder)


def test_mail_that_is_sent_needs_an_address_to_come_from() -> None:
    with pytest.raises(ValidationError, match="BOT_SUPPORT_EMAIL"):
        Settings(smtp_url="smtp://127.0.0.1:25", support_email=None)
