"""One spelling for what means the same, before a message is compared with anything."""

from __future__ import annotations

import re
import unicodedata

EMAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9][\w.+'-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w-])"
)
LONG_NUMBER = re.compile(r"#?\b\d{4,}\b")
STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
REPEATED_MARK = re.compile(r"([!?.,])\1+")
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b4": "'"})

# Which number or address it is says nothing about what is wanted: one stands for all.
ANY_NUMBER = "1001"
ANY_EMAIL = "alice@example.com"


def normalise(text: str) -> str:
    """Lower case, plain quotes and blanks, no invisible characters, "sooooo" as "soo".

    Every e-mail address becomes the same one, and so does every number of four digits or more.
    A message of signs alone is read by their names: "👍" is "thumbs up sign".
    """
    plain = unicodedata.normalize("NFKC", text).translate(QUOTES).lower()
    visible = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in plain
        if unicodedata.category(character) != "Cf"
    )
    masked = LONG_NUMBER.sub(ANY_NUMBER, EMAIL_ADDRESS.sub(ANY_EMAIL, visible))
    shorter = REPEATED_MARK.sub(r"\1", STRETCHED.sub(r"\1\1", masked))
    words = shorter if any(map(str.isalnum, shorter)) else _names_of_signs(shorter)
    return " ".join(words.split())


def _names_of_signs(text: str) -> str:
    signs = dict.fromkeys(each for each in text if unicodedata.category(each) == "So")
    names = [unicodedata.name(sign, "").lower() for sign in signs]
    return " ".join(names) or text
