"""Addresses that carry their case: `support+KC-XXXXXXXX.signature@…`, which nobody can invent."""

import base64
import hashlib
import hmac

from bot.storage.tables import Ticket
from bot.tickets.reference import read_reference

SIGNATURE_CHARACTERS = 12  # of base32: 60 bits


class SignedAddresses:
    """Makes and reads the reply addresses of cases; relays may change their case."""

    def __init__(self, support_email: str, secret: str) -> None:
        self._local, _, self._domain = support_email.lower().partition("@")
        self._secret = secret.encode()

    def of(self, reference: str) -> str:
        """The address to which answers in this ticket's matter may be sent."""
        return f"{self._local}+{reference}.{self._signature(reference)}@{self._domain}"

    def of_ticket(self, ticket: Ticket) -> str:
        """The address to which answers about this ticket may be sent."""
        return self.of(ticket.reference)

    def reference_in(self, address: str) -> str | None:
        """The reference that this address carries; None where its signature is not ours."""
        local, _, domain = address.lower().partition("@")
        ours, _, tag = local.rpartition("+")
        written, _, signature = tag.rpartition(".")
        reference = (
            read_reference(written) if (ours, domain) == (self._local, self._domain) else None
        )
        if reference and hmac.compare_digest(
            signature.encode("utf-8", "replace"), self._signature(reference).encode()
        ):
            return reference
        return None

    def is_ours(self, address: str) -> bool:
        """Whether this is the support address, with or without something after a plus."""
        local, _, domain = address.lower().partition("@")
        plain = local == self._local or local.startswith(f"{self._local}+")
        return plain and domain == self._domain

    def _signature(self, reference: str) -> str:
        digest = hmac.new(self._secret, reference.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:SIGNATURE_CHARACTERS]
