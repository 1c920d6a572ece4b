"""A worker that only sends mail, as a process of its own, to be killed by tests.

Called with the settings in its environment and the length of a lease in seconds.
"""

import random
import sys
from datetime import timedelta
from pathlib import Path

from bot.app import compose, transport_of
from bot.mail import Delivery
from bot.mail.message import Sender
from bot.mail.repeating import Repeating
from bot.settings import Settings
from bot.worker import work


def main(lease_seconds: float) -> None:
    """Work as `bot worker` does, with rounds that follow one another closely."""
    settings = Settings()
    services = compose(settings)
    delivery = Delivery(
        services.database,
        transport_of(settings),
        Sender(services.policy.shop, settings.mail_from),
        services.clock,
        chance=random.random,
        promises=services.promises,
        lease=timedelta(seconds=lease_seconds),
    )
    Repeating((delivery.work, 0.02)).start()
    work([], Path(settings.data_dir) / "run" / "worker")


if __name__ == "__main__":
    main(float(sys.argv[1]))
