"""Handing mail over to a mail server, and what its answers mean."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from bot.mail.errors import MailAddressError
from bot.mail.message import Letter, one_line
from bot.mail.transports import MailPutOff, MailRefused, ServerAway, ServerSilent

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# A server that takes longer is tried again.
ANSWER_SECONDS = 20.0
MAILS_A_CONNECTION = 50
LONGEST_ANSWER = 300
_TRY_LATER = 421  # the server is closing, whatever was asked


@dataclass(frozen=True)
class SmtpAddress:
    """Where a mail server is, how the line to it is protected, and how to sign in there."""

    scheme: str  # smtp, smtp+starttls, smtps
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> "SmtpAddress":
        """Read `smtp+starttls://user:password@host:port`. Raises MailAddressError."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            # Without its cause: that names the port's text, which may be half a password.
            raise MailAddressError(_WRONG) from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
            raise MailAddressError(_WRONG)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


_WRONG = (
    "BOT_SMTP_URL should be smtp://, smtp+starttls:// or smtps://, then user:password@host:port; "
    "in the user and the password write %40 for @, %3A for : and %2F for /"
)
_SILENT = "the mail server stopped answering; it may have taken the mail"


class SmtpServer:
    """One line to one mail server, opened when a mail needs it and opened anew now and then."""

    leaves_here = True

    def __init__(
        self,
        address: SmtpAddress,
        *,
        hello_from: str,
        answer_seconds: float = ANSWER_SECONDS,
        encryption: ssl.SSLContext | None = None,
    ) -> None:
        self._address = address
        self._hello_from = hello_from
        self._answer_seconds = answer_seconds
        self._encryption = encryption
        self._line: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, letter: Letter) -> None:
        """Hand a mail over; it is the server's once this returns."""
        if self._sent >= MAILS_A_CONNECTION:
            self.close()
        if self._line is None:
            self._line = self._connected()
        # Only an address that is not ASCII needs a server that takes such addresses.
        options = [] if letter.to.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        try:
            self._line.sendmail(letter.sender, [letter.to], letter.content, options)
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused("the mail server takes no address with such letters") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise self._meaning(code, said) from error
        except smtplib.SMTPDataError as error:
            raise self._meaning(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:  # of the greeting or of our own address
            self._drop()
            raise ServerAway(_answer(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if _is_timeout(error):
                raise ServerSilent(_SILENT) from error
            raise MailPutOff("the mail server broke off; it may have taken the mail") from error
        self._sent += 1

    def close(self) -> None:
        """Say goodbye, if a line is open."""
        line, self._line, self._sent = self._line, None, 0
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _drop(self) -> None:
        line, self._line, self._sent = self._line, None, 0
        if line is not None:
            line.close()

    def _meaning(self, code: int, said: bytes | str) -> Exception:
        answer = _answer(code, said)
        if code == _TRY_LATER:
            self._drop()
            return ServerAway(answer)
        return MailPutOff(answer) if code < 500 else MailRefused(answer)

    def _connected(self) -> smtplib.SMTP:
        where = f"{self._address.host}:{self._address.port}"
        try:
            return self._signed_in(self._opened())
        except smtplib.SMTPResponseException as error:
            raise ServerAway(_answer(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            cause = one_line(str(error), LONGEST_ANSWER)
            raise ServerAway(f"the mail server at {where} cannot be reached: {cause}") from error

    def _opened(self) -> smtplib.SMTP:
        # The name we greet with is given: smtplib would ask the network for this machine's own.
        at, hello = self._address, self._hello_from
        if at.scheme == "smtps":
            context = self._encryption or ssl.create_default_context()
            return smtplib.SMTP_SSL(
                at.host, at.port, hello, timeout=self._answer_seconds, context=context
            )
        return smtplib.SMTP(at.host, at.port, hello, timeout=self._answer_seconds)

    def _signed_in(self, line: smtplib.SMTP) -> smtplib.SMTP:
        at = self._address
        try:
            if at.scheme == "smtp+starttls":
                line.starttls(context=self._encryption or ssl.create_default_context())
            if at.user is not None:
                line.login(at.user, at.password or "")
        except BaseException:
            line.close()
            raise
        return line


def _is_timeout(error: BaseException) -> bool:
    # smtplib says of a line on which nothing came in time that it was closed.
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _answer(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {words}", LONGEST_ANSWER)
