"""What a visitor typed, made safe to keep: length, control characters, broken Unicode."""

import unicodedata

from bot.conversations.errors import MessageRefused, MessageTooLong

MAX_CHARACTERS = 1_000
_KEPT_CONTROLS = "\n\t"
# They turn the direction of all text that follows, also of the page around the message.
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str) -> str:
    """The text without control characters, composed, trimmed.

    Raises MessageTooLong above 1,000 characters and MessageRefused when nothing is left.
    """
    kept = without_controls(text)
    if len(kept) > MAX_CHARACTERS:
        raise MessageTooLong(
            f"That is {len(kept):,} characters; a message can have up to {MAX_CHARACTERS:,}. "
            "Please shorten it or send it in parts."
        )
    if not any(unicodedata.category(c)[0] not in "ZCM" for c in kept):
        raise MessageRefused("There is nothing in this message yet. Please type your question.")
    return kept


def without_controls(text: str) -> str:
    """The text composed and trimmed, without control characters; of any length, maybe empty."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    composed = unicodedata.normalize("NFC", whole.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in composed if _may_stay(c)).strip()


def _may_stay(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) != "Cc" and character not in _DIRECTION_OVERRIDES
