"""Where mail is handed over: what every way of sending does, and how it says that it could not."""

from typing import Protocol

from bot.mail.message import Letter


class MailRefused(Exception):
    """The server will never take this mail; the text is its answer."""


class MailPutOff(Exception):
    """This mail was not taken now, or nobody knows whether it was; others may be."""


class ServerAway(Exception):
    """No mail can be handed over now."""


class ServerSilent(Exception):
    """The server stopped answering at this mail, which it may have taken; others would wait too."""


class Transport(Protocol):
    """Takes one mail after the other; used by one thread."""

    leaves_here: bool  # or stays on this machine, where whoever tries the product may read it

    def send(self, letter: Letter) -> None:
        """Hand a mail over. Raises MailRefused, MailPutOff, ServerAway, ServerSilent."""

    def close(self) -> None:
        """Hang up until the next mail."""
