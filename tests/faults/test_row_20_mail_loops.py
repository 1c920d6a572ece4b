"""Row 20: two shops whose assistants answer each other's mails fall silent by themselves."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Services, compose
from bot.mail import Delivery
from bot.mail.incoming import read_mail
from bot.mail.message import Letter, Sender
from bot.mail.outbox import ANSWERS_A_DAY
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.storage.tables import Ticket
from bot.tickets import Tickets
from tests.conftest import SetClock
from tests.mail.cast import mails
from tests.mail.incoming_cast import Shop, shop_of, written

AN_HOUR_OF_SECONDS = range(0, 3_600, 10)
MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop")
THREAD = ("In-Reply-To", "References")


@dataclass
class LetterBox:
    """Takes what a shop sends, as other software would have written it: without some headers."""

    left_out: Sequence[str] = ()
    letters: deque[bytes] = field(default_factory=deque)
    leaves_here: bool = True

    def send(self, letter: Letter) -> None:
        mail: Message = message_from_bytes(letter.content, policy=SMTP)
        for name in self.left_out:
            del mail[name]
        self.letters.append(mail.as_bytes())

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Answering:
    """A shop with its own outbox and delivery, which takes in what is in its letter box."""

    address: str
    shop: Shop
    delivery: Delivery
    box: LetterBox

    def work(self, letters: deque[bytes]) -> int:
        """Take these in and send what is owed; gives how many mails left."""
        while letters:
            self.shop.takes_and_works(letters.popleft())
        return self.delivery.work()


@contextmanager
def instance(
    name: str, folder: Path, clock: SetClock, left_out: Sequence[str] = ()
) -> Iterator[Answering]:
    address = f"support@{name}.example"
    services = compose(Settings(data_dir=folder / name, support_email=address), clock)
    migrate(services.database)
    box = LetterBox(left_out)
    delivery = Delivery(
        services.database,
        box,
        Sender(services.policy.shop, address),
        clock,
        chance=lambda: 1.0,
        promises=services.promises,
    )
    shop = shop_of(
        services, Tickets(services.policy, services.calendar, services.notices.answering_mail())
    )
    yield Answering(address, shop, delivery, box)
    services.database.close()


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.mark.parametrize(
    ("left_out", "most"),
    [((), 1), (MARKS, 2), ((*MARKS, *THREAD), 2 * ANSWERS_A_DAY)],
    ids=["as our own mails are", "unmarked answers", "unmarked and without a thread"],
)
def test_two_instances_writing_to_each_other_for_an_hour_end_in_a_handful_of_mails(
    tmp_path: Path, clock: SetClock, left_out: Sequence[str], most: int
) -> None:
    with (
        instance("ours", tmp_path, clock, left_out) as ours,
        instance("theirs", tmp_path, clock, left_out) as theirs,
    ):
        first = written(
            "Where is my refund?", sender=theirs.address, Message_ID="<1@theirs.example>"
        )
        theirs.box.letters.append(first)
        started, silent_since, sent = clock(), clock(), 0
        for _ in AN_HOUR_OF_SECONDS:
            left = ours.work(theirs.box.letters) + theirs.work(ours.box.letters)
            if left:
                sent, silent_since = sent + left, clock()
            clock.pass_time(seconds=10)
        print(f"{sent} mails, silent after {silent_since - started}")
        assert sent == most
        assert silent_since - started < timedelta(minutes=2)


def test_what_would_be_the_sixth_automatic_mail_of_a_day_says_why_it_stayed(
    tmp_path: Path, clock: SetClock
) -> None:
    with instance("ours", tmp_path, clock) as ours:
        for number in range(ANSWERS_A_DAY + 2):
            mail = written("Hello", subject=f"{number}", Message_ID=f"<{number}@example.com>")
            ours.work(deque([mail]))
        assert len(ours.box.letters) == ANSWERS_A_DAY
        assert [mail.refused_at is None for mail in mails(ours.shop.services)] == [
            *[True] * ANSWERS_A_DAY,
            *[False] * 2,
        ]
        clock.pass_time(days=1)
        ours.work(deque([written("Hello", subject="the next day", Message_ID="<9@example.com>")]))
        assert len(ours.box.letters) == ANSWERS_A_DAY + 1


def test_at_most_one_acknowledgement_a_thread(tmp_path: Path, clock: SetClock) -> None:
    machine = "support@machine.example"
    with instance("ours", tmp_path, clock) as ours:
        ours.work(deque([written("Hello", sender=machine, Message_ID="<first@machine.example>")]))
        (acknowledgement,) = ours.box.letters
        answered = message_from_bytes(acknowledgement)["Message-ID"]
        for number in range(100):
            note = written(
                f"We are away ({number}).",
                sender=machine,
                Message_ID=f"<{number}@machine.example>",
                In_Reply_To=answered if number % 2 else "<first@machine.example>",
            )
            assert ours.work(deque([note])) == 0
        assert len(ours.shop.tickets) == 1


def test_the_shop_as_it_is_composed_counts_what_a_mail_causes(
    services: Services, clock: SetClock
) -> None:
    text = "Hola, el cierre de mi collar se rompió ayer y me gustaría saber qué puedo hacer."
    services.receiving.receive(read_mail(written(text, Message_ID="<1@example.com>")), "smtp")
    services.drafting.work_off()  # in Spanish, so that no assistant is asked
    with services.database.write() as session:
        session.scalars(select(Ticket)).one().state = "resolved"
    again = written("Hola otra vez.", In_Reply_To=mails(services)[0].message_id)
    services.receiving.receive(read_mail(again), "smtp")
    assert [(mail.template, mail.headers["Auto-Submitted"]) for mail in mails(services)] == [
        ("acknowledgement", "auto-replied"),
        ("progress_reopened", "auto-replied"),
    ]
