"""Ten thousand tickets in one run, each with its acknowledgement: how fast, and is any lost?

Run from the root: `.venv/bin/python -m benchmarks.mail [TICKETS]`. Uses a database and a mail
server of its own, on loopback, and prints the figures.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from bot.app import compose, transport_of
from bot.conversations.transcript import add_message
from bot.mail import Delivery
from bot.mail.message import Sender
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.storage.tables import Conversation
from bot.tickets import Details
from bot.tickets.tickets import Tickets
from tests.mail.cast import mails
from tests.mail.server import mail_server

TICKETS = 10_000


def main(count: int) -> None:
    """Open the tickets, send their mails, compare what was written with what arrived."""
    with tempfile.TemporaryDirectory() as folder, mail_server() as server:
        settings = Settings(
            data_dir=Path(folder), smtp_url=server.url, support_email="support@shop.example"
        )
        services = compose(settings)
        migrate(services.database)
        tickets = Tickets(services.policy, services.calendar)

        began = time.perf_counter()
        for number in range(count):
            now = services.clock()
            with services.database.write() as session:
                conversation = Conversation(
                    id=f"{number:032x}", token_hash="", created_at=now, last_message_at=now
                )
                session.add(conversation)
                session.flush()
                add_message(session, conversation, sender="visitor", text="It broke.", now=now)
                ticket = tickets.open(
                    session,
                    conversation,
                    category="damaged",
                    reason="asked",
                    details=Details(email=f"alice{number}@example.com", name="Alice"),
                    now=now,
                )
                services.notices.opened(session, ticket, now)
        opened = time.perf_counter() - began

        sender = Sender(services.policy.shop, settings.mail_from)
        delivery = Delivery(
            services.database,
            transport_of(settings),
            sender,
            services.clock,
            chance=random.random,
            promises=services.promises,
        )
        began = time.perf_counter()
        while delivery.work():
            pass
        delivered = time.perf_counter() - began

        written, arrived = mails(services), server.received.by_id
        lost = {mail.message_id for mail in written} - arrived.keys()
        double = sum(times > 1 for times in arrived.values())
        print(f"{count} tickets opened with their mail in {opened:.1f} s ({count / opened:.0f}/s)")
        print(f"{len(arrived)} acknowledgements sent in {delivered:.1f} s")
        print(f"{len(lost)} lost, {double} double")
        services.database.close()
        if len(written) != count or lost or double:
            sys.exit("Something was lost or came twice.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS)
