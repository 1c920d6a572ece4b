"""Time that stands still until the test moves it."""

from datetime import UTC, datetime, timedelta

SESSION_HOURS = 12


class Clock:
    """An instant that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Move on, by the arguments of a timedelta."""
        self.now += timedelta(**by)
