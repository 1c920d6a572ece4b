"""The worker killed with `kill -9` while it sends: every mail goes out, repeats are counted."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from bot.app import Services, compose
from bot.settings import ROOT, Settings
from bot.storage.migrate import migrate
from tests.mail.cast import acknowledge, mails, new_ticket, open_jobs
from tests.mail.server import MailServer, mail_server
from tests.running_shop import wait_until

LEASE_SECONDS = 0.5
WITHIN_SECONDS = 60.0


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def services(
    tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """A shop on the file that the workers share, with the real clock."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    services = compose(
        Settings(
            data_dir=tmp_path / "var", smtp_url=server.url, support_email="support@shop.example"
        )
    )
    migrate(services.database)
    yield services
    services.database.close()


@contextmanager
def worker(services: Services) -> Iterator["subprocess.Popen[bytes]"]:
    settings = services.settings
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "BOT_DATA_DIR": str(settings.data_dir),
        "BOT_SMTP_URL": str(settings.smtp_url),
        "BOT_SUPPORT_EMAIL": str(settings.support_email),
    }
    command = [sys.executable, "-m", "tests.faults.mail_worker", str(LEASE_SECONDS)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def has_more_than(server: MailServer, seen: int) -> bool:
    return len(server.received.contents) > seen


def kill_while_it_sends(services: Services, server: MailServer, kills: int) -> None:
    chance = random.Random(2)  # noqa: S311
    sent_before_all = 0
    for number in range(kills):
        for _ in range(3):
            ticket = new_ticket(services, services.clock(), email=f"alice{number}@example.com")
            acknowledge(services, ticket, services.clock())
        with worker(services):
            # Killed at any moment from its first mail on: while it sends, stores or leases.
            wait_until(partial(has_more_than, server, sent_before_all), WITHIN_SECONDS)
            time.sleep(chance.uniform(0, 0.02))
        sent_before_all = len(server.received.contents)
    with worker(services):
        wait_until(lambda: open_jobs(services) == 0, WITHIN_SECONDS)

    written = mails(services)
    counts = server.received.by_id
    assert len(written) == 3 * kills
    assert all(mail.sent_at and mail.refused_at is None for mail in written)
    assert counts.keys() == {mail.message_id for mail in written}, "a mail was lost"
    again = {mail_id for mail_id, count in counts.items() if count > 1}
    counted = {mail.message_id for mail in written if mail.attempts > 1}
    assert again <= counted, "a mail was sent twice and not counted"
    print(
        f"row 2: {kills} kills, {len(written)} mails, 0 lost, {len(again)} sent more than once "
        f"under the same Message-ID, {len(counted)} counted as tried again"
    )


def test_every_mail_goes_out_although_the_worker_is_killed(
    services: Services, server: MailServer
) -> None:
    kill_while_it_sends(services, server, kills=3)


@pytest.mark.long_run
@pytest.mark.timeout(1800)
def test_every_mail_goes_out_although_the_worker_is_killed_200_times(
    services: Services, server: MailServer
) -> None:
    kill_while_it_sends(services, server, kills=200)
