"""Bytes to text, whatever character set a mail says that it has."""

import codecs

# A page of text; what is beyond it is not what somebody wrote to a shop.
MOST_BYTES = 400_000
# They are no character sets of mails, and one takes time with the square of the length.
_NOT_OF_MAILS = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})


def decoded(raw: bytes, charset: str | None) -> str:
    """The text; a wrong or unknown character set costs characters, never the text."""
    raw = raw[:MOST_BYTES]
    for name in (charset or "utf-8", "utf-8", "windows-1252"):
        try:
            codec = codecs.lookup(name)
            if codec.name not in _NOT_OF_MAILS:
                return raw.decode(codec.name)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")
