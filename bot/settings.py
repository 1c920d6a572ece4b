"""Every setting with its default, unit and help, and the secrets that live beside the data."""

import os
import re
import secrets as random_source
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
# RFC 6454, without the path that people like to add.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _empty_is_unset(value: Any) -> Any:
    return None if value == "" else value


OptionalText = Annotated[str | None, BeforeValidator(_empty_is_unset)]


def _setting(default: Any, help_text: str, unit: str = "", most: int | None = None) -> Any:
    extra: dict[str, Any] = {"unit": unit}
    return Field(default=default, description=help_text, json_schema_extra=extra, le=most)


def local_address(host: str, port: int) -> str:
    """Where this machine reaches a server that listens there."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


class Settings(BaseSettings):
    """Read from environment variables named `BOT_…` and from a `.env` file at the root.

    Raises pydantic's ValidationError when a value cannot be read; `bot` turns it into a sentence.
    """

    model_config = SettingsConfigDict(
        env_prefix="BOT_", env_file=str(ROOT / ".env"), extra="ignore", frozen=True
    )

    host: str = _setting("127.0.0.1", "Address the public web process listens on.")
    port: int = _setting(8000, "Port of the public web process; 0 takes any free one.", most=65535)
    data_dir: Path = _setting(ROOT / "var", "Folder for the database, logs, secrets, encoder.")
    models_dir: Path = _setting(ROOT / "models", "Folder of the trained models and their cards.")
    policy_file: Path = _setting(
        ROOT / "data" / "policy" / "customer_service.yml", "The shop's policy as data."
    )
    responses_dir: Path = _setting(ROOT / "data" / "responses", "Folder of the answers' wording.")
    database_url: OptionalText = _setting(
        None, "SQLAlchemy address of the database; unset: bot.sqlite3 in the data folder."
    )
    demonstration: bool = _setting(
        True, "Invented products, orders and accounts; only on loopback, deleted when off."
    )
    support_email: OptionalText = _setting(
        None, "The shop's support address; unset, no answer shows one."
    )
    public_url: OptionalText = _setting(
        None, "Address visitors use, for links and the Origin check; unset: host and port."
    )
    shop_origins: str = _setting(
        "",
        "Origins of the shop's pages that may embed the widget, such as "
        "https://shop.example, separated by commas; 'self', our own, always may.",
    )
    # The widget
    widget_greeting: OptionalText = _setting(
        None, "What stands beside the launcher on the shop's pages; unset, nothing."
    )
    widget_position: Literal["right", "left"] = _setting(
        "right", "The side of the page on which the launcher stands."
    )

    rasa_url: OptionalText = _setting(None, "Where Rasa answers; set by `bot run`.")
    rasa_port: int = _setting(0, "Loopback port of Rasa; 0 takes any free one.")
    rasa_token: OptionalText = _setting(None, "Rasa's token; unset: made in the data folder.")
    actions_url: OptionalText = _setting(None, "Where the actions answer; set by `bot run`.")
    actions_port: int = _setting(0, "Loopback port of the actions; 0 takes any free one.")
    actions_token: OptionalText = _setting(None, "The actions' token; unset: made likewise.")

    turn_timeout_seconds: float = _setting(
        4.5, "How long the assistant may take before a person is offered.", "seconds"
    )
    unclaimed_after_seconds: int = _setting(
        120, "How long a visitor waits for an agent before the promised date is told.", "seconds"
    )
    close_after_quiet_days: int = _setting(
        30, "Days without a message after which a conversation is closed.", "days"
    )
    session_hours: int = _setting(12, "How long a sign-in of an agent lasts.", "hours")
    new_conversations_per_minute: int = _setting(
        120, "New conversations accepted from one address.", "per minute"
    )
    messages_per_minute: int = _setting(60, "Messages accepted in one conversation.", "per minute")

    # Mail that comes in.
    imap_url: OptionalText = _setting(
        None, "The support mailbox, imaps://user:password@host/folder; unset, none is read."
    )
    imap_poll_seconds: float = _setting(30.0, "How often the mailbox is looked at.", "seconds")
    smtp_listen: OptionalText = _setting(
        None, "Where a relay may deliver mail, such as 127.0.0.1:2525; unset, nowhere."
    )

    calendar_zone: str = _setting(
        "America/New_York", "Time zone of the business calendar (assumed; reading 4)."
    )
    calendar_opens: str = _setting("09:00", "Opening time on a business day (assumed; reading 4).")
    calendar_closes: str = _setting("17:00", "Closing time on a business day (assumed; reading 4).")
    calendar_country: str = _setting(
        "US", "Country whose public holidays are closed days (assumed; reading 4)."
    )
    # The clocks of tickets
    clock_warning_minutes: int = _setting(
        60, "How long before a clock lapses people are warned.", "minutes of business time"
    )
    # Mail that goes out
    smtp_url: OptionalText = _setting(
        None,
        "Mail server: smtp://, smtp+starttls:// or smtps://, then user:password@host:port; unset, "
        "mail stays in a mailbox in the data folder.",
    )
    reply_quiet_seconds: int = _setting(
        120,
        "How long an agent's replies in a chat wait for more before those that the visitor has "
        "not seen there are mailed together.",
        "seconds",
    )
    mail_templates_dir: Path = _setting(ROOT / "data" / "mail", "Folder of the mails' wording.")

    # The business calendar beyond the usual week, and peak periods
    calendar_region: str = _setting(
        "", "Region of that country with holidays of its own, such as MA; empty: none."
    )
    calendar_hours: str = _setting(
        "",
        "Opening hours by weekday, such as mon-fri 09:00-12:00 13:00-17:00; sat 10:00-14:00. "
        "Empty: Monday to Friday from the opening to the closing time.",
    )
    calendar_exceptions: str = _setting(
        "",
        "Dates with hours of their own, such as 2026-11-27 10:00-14:00; "
        "2026-12-24..2026-12-26 closed.",
    )
    peak_notice: bool = _setting(
        True,
        "Show the notice of a peak period; off, no reply may take longer for it, since the policy "
        "promises the notice (section 3).",
    )
    notices_dir: Path = _setting(
        ROOT / "data" / "notices", "Folder of the wording of notices that pages show."
    )
    # The case page
    codes_per_hour: int = _setting(
        5, "One-time codes mailed to one address about its cases.", "per hour"
    )
    clock_file: Path | None = _setting(
        None, "For tests: a file with an RFC 3339 instant that stands in for the clock."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting("INFO", "What is logged.")

    @model_validator(mode="after")
    def _invented_data_stays_here(self) -> Self:
        if self.demonstration and not self.on_loopback:
            raise ValueError(
                "the demonstration listens on loopback only; set BOT_DEMONSTRATION=false to "
                f"serve on {self.host}"
            )
        return self

    @model_validator(mode="after")
    def _origins_are_origins(self) -> Self:
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"BOT_SHOP_ORIGINS has {origin!r}, which is no origin: name scheme and host, "
                    "as in https://shop.example"
                )
        return self

    @model_validator(mode="after")
    def _mail_comes_from_somebody(self) -> Self:
        if self.smtp_url and not self.support_email:
            raise ValueError(
                "mail that is sent (BOT_SMTP_URL) needs an address to come from; set "
                "BOT_SUPPORT_EMAIL"
            )
        return self

    @model_validator(mode="after")
    def _mail_comes_in_where_it_may(self) -> Self:
        if self.smtp_listen is None:
            return self
        host, _, port = self.smtp_listen.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError("BOT_SMTP_LISTEN should be an address and a port: 127.0.0.1:2525")
        if self.demonstration and host.strip("[]") not in LOOPBACK:
            raise ValueError("the demonstration takes mail on loopback only (BOT_SMTP_LISTEN)")
        if self.support_email is None:
            raise ValueError("BOT_SMTP_LISTEN needs BOT_SUPPORT_EMAIL, to know whose mail it is")
        return self

    @property
    def smtp_address(self) -> tuple[str, int] | None:
        """Host and port for a relay, or None."""
        if self.smtp_listen is None:
            return None
        host, _, port = self.smtp_listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bot.sqlite3'}"

    @property
    def mail_from(self) -> str:
        """The address mail comes from; in a trial without one, of a domain that nobody can have."""
        return self.support_email or "support@shop.invalid"

    @property
    def mailbox_dir(self) -> Path:
        """Where mail stays while no mail server is set."""
        return self.data_dir / "mail"

    @property
    def address(self) -> str:
        """The address that links in mails begin with."""
        return self.public_url or local_address(self.host, self.port)

    @property
    def on_loopback(self) -> bool:
        """Whether the public web process can be reached from this machine only."""
        return self.host in LOOPBACK

    @property
    def origins(self) -> frozenset[str]:
        """The origins, besides its own, whose pages may talk to the visitor API."""
        named = (o.strip().rstrip("/").lower() for o in self.shop_origins.split(","))
        return frozenset(o for o in named if o and o not in ("self", "'self'"))


class Secrets:
    """Random keys, one file each in the data folder, readable by the owner only.

    A key is made when it is first asked for. Two processes that ask at once get the same one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> str:
        """The secret of this name: 43 characters of URL-safe text."""
        path = self._folder / name
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._folder / f".{name}.{os.getpid()}.{random_source.token_hex(4)}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(random_source.token_urlsafe(32))
            try:
                os.link(draft, path)  # fails where another process was first: its key stands
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()


def rasa_token(settings: Settings) -> str:
    """The token that Rasa asks for."""
    return settings.rasa_token or Secrets(settings.data_dir / "secrets").get("rasa_token")


def actions_token(settings: Settings) -> str:
    """The token that the action server asks for."""
    return settings.actions_token or Secrets(settings.data_dir / "secrets").get("actions_token")


def signing_key(settings: Settings) -> str:
    """The key that one-time codes, links in mails and forms of the case page are signed with."""
    return Secrets(settings.data_dir / "secrets").get("signing_key")
