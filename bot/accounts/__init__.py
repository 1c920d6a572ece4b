"""The people who work for the shop: who they are, what they may do, who is there now."""

from bot.accounts.accounts import Accounts
from bot.accounts.attempts import TooManyAttempts
from bot.accounts.availability import anyone_available
from bot.accounts.demonstration import demonstration_accounts, remove_demonstration
from bot.accounts.errors import (
    AccountError,
    AccountExists,
    NotAnEmail,
    SignInRefused,
    WeakPassword,
)
from bot.accounts.views import NewSignIn, Role, SignedIn

__all__ = [
    "AccountError",
    "AccountExists",
    "Accounts",
    "NewSignIn",
    "NotAnEmail",
    "Role",
    "SignInRefused",
    "SignedIn",
    "TooManyAttempts",
    "WeakPassword",
    "anyone_available",
    "demonstration_accounts",
    "remove_demonstration",
]
