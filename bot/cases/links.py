"""The addresses that mails link to: a case, its rating, the end of follow-ups."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

from bot.cases.ratings import ANSWERS
from bot.storage.tables import Ticket
from bot.tickets.reference import read_reference

_SIGNATURE_CHARACTERS = 32  # of base64: 192 bits
_LONGEST_ADDRESS = 254


class Links:
    """Builds links and reads back what is signed in them; whoever has one may use it."""

    def __init__(self, public_url: str, key: Callable[[], str]) -> None:
        self._public_url = public_url.rstrip("/")
        self._key = key

    def case_url(self, ticket: Ticket) -> str:
        """The page of the ticket's case, which asks for a proof."""
        return f"{self._public_url}/cases/{ticket.reference}"

    def rating_urls(self, ticket: Ticket) -> dict[str, str]:
        """For each answer the page that takes the ticket's rating, with that answer chosen."""
        signature = self._signature("rating", ticket.reference)
        page = f"{self._public_url}/ratings/{ticket.reference}/{signature}"
        return {answer: f"{page}?answer={answer}" for answer in ANSWERS}

    def unsubscribe_url(self, address: str) -> str:
        """The page that ends follow-ups to this address; takes a one-click POST (RFC 8058)."""
        plain = address.strip().lower()
        named = base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")
        return f"{self._public_url}/unsubscribe/{named}/{self._signature('unsubscribe', plain)}"

    def reference_of_rating(self, reference: str, signature: str) -> str | None:
        """The reference of a link that we signed; None for any other."""
        spelled = read_reference(reference)
        return spelled if spelled and self._is_signed("rating", spelled, signature) else None

    def address_of_unsubscribing(self, named: str, signature: str) -> str | None:
        """The address of a link that we signed; None for any other."""
        try:
            padded = named.encode("ascii") + b"=" * (-len(named) % 4)
            address = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        except (UnicodeError, binascii.Error):
            return None
        fits = len(address) <= _LONGEST_ADDRESS
        return address if fits and self._is_signed("unsubscribe", address, signature) else None

    def form_token(self, visit: str) -> str:
        """What a form carries that is made for this visit to a case page."""
        return self._signature("form", visit)

    def _is_signed(self, purpose: str, subject: str, signature: str) -> bool:
        expected = self._signature(purpose, subject).encode()
        return hmac.compare_digest(signature.encode("utf-8", "replace"), expected)

    def _signature(self, purpose: str, subject: str) -> str:
        text = f"{purpose}\n{subject}".encode("utf-8", "replace")
        digest = hmac.new(self._key().encode(), text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()[:_SIGNATURE_CHARACTERS]
