"""References of tickets: `KC-` and eight characters that survive being read aloud."""

import secrets

# 31 characters, a prime: I, L, O, 0 and 1 are left out because they are misread. With a prime
# number of characters one check character finds every wrong character and every swapped pair.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "KC-"
RANDOM_CHARACTERS = 7


def new_reference() -> str:
    """A reference nobody can guess: 31^7 possibilities and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return PREFIX + body + _check_character(body)


def read_reference(text: str) -> str | None:
    """The reference a person typed, in its one spelling, or None when it has a slip.

    Case, blanks and hyphens do not matter, and the prefix may be missing.
    """
    plain = "".join(c for c in text.upper() if c.isalnum())
    if len(plain) == RANDOM_CHARACTERS + 3:
        plain = plain.removeprefix("KC")
    if len(plain) != RANDOM_CHARACTERS + 1 or any(c not in ALPHABET for c in plain):
        return None
    return PREFIX + plain if _check_character(plain[:-1]) == plain[-1] else None


def _check_character(body: str) -> str:
    # Weights 2, 3, 4, …: all differ modulo 31, and none is 0, 1 or 30.
    total = sum(weight * ALPHABET.index(c) for weight, c in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]
