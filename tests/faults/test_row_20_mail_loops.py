"""Row 20: two shops whose assistants answer each other's mails fall silent by themselves."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.app import compose
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.tickets import Tickets
from tests.conftest import SetClock
from tests.mail.incoming_cast import Shop, shop_of, written

AN_HOUR_OF_SECONDS = range(0, 3_600, 10)
MOST_MAILS_A_DAY = 5  # automatic ones to one address; the side that sends refuses more


@dataclass
class Answering:
    """A shop that takes in what is in its letter box, and acknowledges each new case."""

    address: str
    shop: Shop
    marks_its_mails: bool
    quotes_the_thread: bool
    letters: deque[bytes] = field(default_factory=deque)
    numbers: Iterator[int] = field(default_factory=count)
    acknowledged: int = 0

    def work(self, other: "Answering") -> None:
        while self.letters:
            self.shop.takes_and_works(self.letters.popleft())
        tickets = self.shop.tickets
        for ticket in tickets[self.acknowledged : MOST_MAILS_A_DAY]:
            message_id = f"{next(self.numbers)}@{self.address.partition('@')[2]}"
            self.shop.sent(message_id, ticket, self.shop.services.clock())
            marks = {"Auto_Submitted": "auto-generated"} if self.marks_its_mails else {}
            last = self.shop.mails[-1].message_id if self.quotes_the_thread else None
            thread = {"In_Reply_To": f"<{last}>"} if last else {}
            other.letters.append(
                written(
                    f"Thank you, we have your mail. Your reference is {ticket.reference}.",
                    sender=self.address,
                    to=other.address,
                    subject=f"We have your request ({ticket.reference})",
                    Message_ID=f"<{message_id}>",
                    **marks,
                    **thread,
                )
            )
            self.acknowledged += 1


def instance(name: str, folder: Path, clock: SetClock, *, marks: bool, quotes: bool) -> Answering:
    address = f"support@{name}.example"
    services = compose(Settings(data_dir=folder / name, support_email=address), clock)
    migrate(services.database)
    shop = shop_of(services, Tickets(services.policy, services.calendar))
    return Answering(address, shop, marks, quotes)


@pytest.mark.parametrize(
    ("marks", "quotes", "most"),
    [(True, True, 1), (False, True, 2), (False, False, 2 * MOST_MAILS_A_DAY)],
    ids=["as our own mails are", "unmarked answers", "unmarked and without a thread"],
)
def test_two_instances_writing_to_each_other_for_an_hour_end_in_a_handful_of_mails(
    tmp_path: Path,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    marks: bool,
    quotes: bool,
    most: int,
) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    ours = instance("ours", tmp_path, clock, marks=marks, quotes=quotes)
    theirs = instance("theirs", tmp_path, clock, marks=marks, quotes=quotes)
    ours.letters.append(
        written("Where is my refund?", sender=theirs.address, Message_ID="<1@theirs.example>")
    )
    started, silent_since = clock(), clock()
    for _ in AN_HOUR_OF_SECONDS:
        before = ours.acknowledged + theirs.acknowledged
        ours.work(theirs)
        theirs.work(ours)
        if ours.acknowledged + theirs.acknowledged > before:
            silent_since = clock()
        clock.pass_time(seconds=10)
    sent = ours.acknowledged + theirs.acknowledged
    print(f"{sent} mails, silent after {silent_since - started}")
    assert 1 <= sent <= most
    assert silent_since - started < timedelta(minutes=2)
    for side in (ours, theirs):
        side.shop.services.database.close()


def test_at_most_one_acknowledgement_a_thread(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    ours = instance("ours", tmp_path, clock, marks=True, quotes=True)
    machine = instance("machine", tmp_path, clock, marks=False, quotes=True)
    last = "<first@machine.example>"
    ours.letters.append(written("Hello", sender=machine.address, Message_ID=last))
    for number in range(100):
        ours.work(machine)
        answered = machine.letters.popleft() if machine.letters else b""
        thread = "<0@ours.example>" if answered or number else last
        ours.letters.append(
            written(
                f"We are away ({number}).",
                sender=machine.address,
                Message_ID=f"<{number}@machine.example>",
                In_Reply_To=thread,
            )
        )
    assert ours.acknowledged == 1
    for side in (ours, machine):
        side.shop.services.database.close()
