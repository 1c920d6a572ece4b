"""The short-lived, signed paths under which a visitor's browser fetches the files of messages."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

Size = Literal["original", "thumbnail"]
# A path holds for one to two of these, so that a message read twice has the same one.
HOLDS = timedelta(minutes=30)
_SIGNATURE_CHARACTERS = 32  # of hexadecimal: 128 bits
_PATH = re.compile(r"([0-9a-f]{32})/(original|thumbnail)/(\d{10})-([0-9a-f]{32})", re.ASCII)


class AttachmentLinks:
    """Whoever has a path may fetch the file until it ends; nobody can make one up."""

    def __init__(self, key: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self._key = key
        self._clock = clock

    def path(self, public_id: str, size: Size) -> str:
        """The path of this file on our own origin, as of now."""
        step = int(HOLDS.total_seconds())
        ends = (int(self._clock().timestamp()) // step + 2) * step
        return f"/attachments/{public_id}/{size}/{ends}-{self._signature(public_id, size, ends)}"

    def read(self, rest: str) -> tuple[str, str] | None:
        """The file and the size that a path names after `/attachments/`.

        None for one that was not made here, or has ended.
        """
        found = _PATH.fullmatch(rest)
        if found is None:
            return None
        public_id, size, ends, signature = found.groups()
        if not hmac.compare_digest(signature, self._signature(public_id, size, int(ends))):
            return None
        if datetime.fromtimestamp(int(ends), UTC) <= self._clock():
            return None
        return public_id, size

    def _signature(self, public_id: str, size: str, ends: int) -> str:
        text = f"attachment\n{public_id}\n{size}\n{ends}"
        digest = hmac.new(self._key().encode(), text.encode(), hashlib.sha256)
        return digest.hexdigest()[:_SIGNATURE_CHARACTERS]
