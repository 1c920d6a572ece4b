"""smtps:// and STARTTLS against a real server: nothing is said before the line is safe."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail.message import Letter
from bot.mail.smtp import SmtpAddress, SmtpServer
from bot.mail.transports import ServerAway
from tests.mail.server import MailServer, mail_server

SCHEMES = ("smtps", "smtp+starttls")
USER, PASSWORD = "support", "p/ss:w@rd"
LETTER = Letter(
    message_id="<1@shop.example>",
    written_at=datetime(2026, 11, 17, tzinfo=UTC),
    sender="support@shop.example",
    to="alice@example.com",
    content=b"Subject: hello\r\n\r\nhello\r\n",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its certificate for 127.0.0.1, in one file, made for this run."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    key, made, both = (folder / name for name in ("key.pem", "made.pem", "both.pem"))
    subprocess.run(  # a tool of the system, on files of our own
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(key), "-out", str(made), "-subj", "/CN=mail.example"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    both.write_text(key.read_text() + made.read_text())
    return both


@contextmanager
def encrypted_server(scheme: str, certificate: Path) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with mail_server(context, smtps=scheme == "smtps") as server:
        yield server


def line_to(server: MailServer, scheme: str, trusted: Path | None) -> SmtpServer:
    address = SmtpAddress.of(f"{scheme}://{USER}:p%2Fss%3Aw%40rd@127.0.0.1:{server.port}")
    encryption = ssl.create_default_context(cafile=trusted)
    return SmtpServer(address, hello_from="shop.example", answer_seconds=10, encryption=encryption)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_mail_goes_over_an_encrypted_line_after_signing_in(
    scheme: str, certificate: Path
) -> None:
    with encrypted_server(scheme, certificate) as server:
        line = line_to(server, scheme, certificate)
        line.send(LETTER)
        line.close()
        assert server.received.logins == [(USER, PASSWORD)]
        assert server.received.recipients == ["alice@example.com"]
        assert b"hello" in server.received.contents[0]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_certificate_that_nobody_vouches_for_is_told_neither_mail_nor_password(
    scheme: str, certificate: Path
) -> None:
    with encrypted_server(scheme, certificate) as server:
        line = line_to(server, scheme, None)
        with pytest.raises(ServerAway, match="certificate"):
            line.send(LETTER)
        line.close()
        assert server.received.logins == []
        assert server.received.contents == []


def test_a_server_without_starttls_is_told_neither_mail_nor_password() -> None:
    with mail_server() as server:
        line = line_to(server, "smtp+starttls", None)
        with pytest.raises(ServerAway, match="STARTTLS"):
            line.send(LETTER)
        line.close()
        assert server.received.logins == []
        assert server.received.contents == []
