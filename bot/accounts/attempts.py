"""Slows down whoever tries passwords, by account and by address, in this process's memory."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.accounts.errors import AccountError

WINDOW = timedelta(minutes=15)
FAILURES_OF_ONE_ACCOUNT = 5
FAILURES_FROM_ONE_ADDRESS = 30
KEYS_REMEMBERED = 10_000  # beyond that the ones that failed longest ago are forgotten


class TooManyAttempts(AccountError):
    """Too many sign-ins failed lately for this account or from this address."""

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Too many attempts. Please try again in {minutes} {unit}.")
        self.wait = wait


class Attempts:
    """Failed sign-ins of the last 15 minutes; an attempt counts as failed until it succeeds.

    Counting before the password is checked keeps many attempts at once within the limit.
    Addresses that belong to no account are counted too, so that a lock does not tell which do.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, email: str, address: str, now: datetime) -> None:
        """Count an attempt. Raises TooManyAttempts where the limit is reached already."""
        limits = {
            _account(email): FAILURES_OF_ONE_ACCOUNT,
            _address(address): FAILURES_FROM_ONE_ADDRESS,
        }
        with self._lock:
            for key, limit in limits.items():
                recent = self._recent(key, now)
                if len(recent) >= limit:
                    raise TooManyAttempts(recent[0] + WINDOW - now)
            for key in limits:
                self._failures.setdefault(key, deque()).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > KEYS_REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """The attempt was right: the account starts afresh, the address gets this one back."""
        with self._lock:
            self._failures.pop(_account(email), None)
            from_address = self._failures.get(_address(address))
            if from_address:
                from_address.pop()

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        recent = self._failures.get(key, deque())
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        return recent


def _account(email: str) -> str:
    return f"account {email}"


def _address(address: str) -> str:
    return f"address {address}"
