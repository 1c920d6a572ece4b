"""What the pages may know of a person who has signed in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account is for; the value is what the database says."""

    AGENT = "agent"
    TRAINER = "trainer"
    OWNER = "owner"


@dataclass(frozen=True)
class SignedIn:
    """A person who has signed in; each of their forms carries `form_token`."""

    account_id: int
    name: str
    email: str
    role: Role
    form_token: str
    available: bool  # as the person has set it; see `anyone_available` for what it is worth


@dataclass(frozen=True)
class NewSignIn(SignedIn):
    """A sign-in just made; the cookie's value is shown this once and stored hashed."""

    cookie: str
    expires_at: datetime
