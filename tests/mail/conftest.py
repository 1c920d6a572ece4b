"""A shop whose mail goes to a server of the test's own, and Alice's ticket."""

from collections.abc import Iterator

import pytest

from bot.app import Services
from bot.mail import Delivery
from bot.storage.tables import Ticket
from tests.conftest import SetClock
from tests.mail.cast import KeptPromises, delivery_of, new_ticket
from tests.mail.server import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def promises() -> KeptPromises:
    return KeptPromises()


@pytest.fixture
def delivery(
    services: Services, clock: SetClock, server: MailServer, promises: KeptPromises
) -> Delivery:
    """The worker's round, on a line to the test's server."""
    return delivery_of(services, server, clock, promises)


@pytest.fixture
def ticket(services: Services, clock: SetClock) -> Ticket:
    """Alice's, acknowledged by nobody yet."""
    return new_ticket(services, clock())
