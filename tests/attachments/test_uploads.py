"""Files before and after their message: who keeps them, how many, and for how long."""

import os

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.attachments import uploads
from bot.attachments.errors import AttachmentNotSupported, TooManyAttachments
from bot.conversations.intake import Started
from bot.storage.tables_incoming import Attachment
from tests.at_once import at_once
from tests.conftest import SetClock
from tests.pictures import picture


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start()


def upload(services: Services, alice: Started, client_id: str = "1") -> str:
    return services.uploads.receive(
        alice.id, client_id=client_id, name="ring.png", content=picture()
    ).id


def files(services: Services) -> set[str]:
    folder = services.settings.data_dir / "attachments"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def grow_old(services: Services, clock: SetClock) -> None:
    """Let all files have been written a day ago, by the clock of the test."""
    clock.pass_time(days=1, minutes=1)
    for name in files(services):
        os.utime(services.attachments.path_of(name), (0, 0))


def test_a_file_that_no_message_took_along_goes_after_a_day(
    services: Services, alice: Started, clock: SetClock
) -> None:
    sent, unsent = upload(services, alice, "a"), upload(services, alice, "b")
    services.intake.receive(alice.id, alice.token, client_id="m", attachments=[sent])
    assert services.uploads.tidy() == 0
    assert len(files(services)) == 4
    grow_old(services, clock)
    assert services.uploads.tidy() == 1
    assert len(files(services)) == 2
    assert services.uploads.open(sent, "original")
    assert services.uploads.open(unsent, "original") is None


def test_a_file_without_a_row_goes_and_a_mails_file_stays(
    services: Services, alice: Started, clock: SetClock
) -> None:
    stray, of_mail = (services.attachments.write(b"x") for _ in range(2))
    with services.database.write() as session:
        session.add(
            Attachment(
                conversation_id=alice.id,
                sequence=1,
                name="a.pdf",
                stored_as=of_mail,
                content_type="application/pdf",
                size=1,
                created_at=clock(),
            )
        )
    grow_old(services, clock)
    services.uploads.tidy()
    assert files(services) == {of_mail}
    assert stray not in files(services)


def test_nobody_fills_the_disk(
    services: Services, alice: Started, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_UNSENT", 2)
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 3)
    first = [upload(services, alice, name) for name in "ab"]
    with pytest.raises(TooManyAttachments):
        upload(services, alice, "c")
    assert upload(services, alice, "a") == first[0], "what is known is answered as it was"
    services.intake.receive(alice.id, alice.token, client_id="m", attachments=first)
    upload(services, alice, "c")
    with pytest.raises(TooManyAttachments):
        upload(services, alice, "d")
    clock.pass_time(hours=1, seconds=1)
    upload(services, alice, "d")


def test_the_same_upload_twice_at_once_is_one_file(services: Services, alice: Started) -> None:
    ids = at_once(*[lambda: upload(services, alice)] * 4)
    assert len(set(ids)) == 1
    with services.database.read() as session:
        assert len(session.scalars(select(Attachment)).all()) == 1
    assert len(files(services)) == 2


def test_a_refused_file_leaves_nothing_behind(services: Services, alice: Started) -> None:
    with pytest.raises(AttachmentNotSupported):
        services.uploads.receive(alice.id, client_id="1", name="a.jpg", content=b"MZ")
    assert files(services) == set()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("holiday.HEIC", "holiday.png"),
        ("photo", "photo.png"),
        ("../../etc/passwd", "passwd.png"),
        ("a.b.c.jpeg", "a.b.c.png"),
        ("", "attachment-1.png"),
        (".png", "png.png"),
        ("x" * 500 + ".jpg", "x" * 116 + ".png"),
        ("invoice\u202egpj.exe", "invoicegpj.png"),
        ("<script>.png", "script.png"),
    ],
)
def test_a_name_is_made_safe_and_ends_as_what_the_file_is(
    services: Services, alice: Started, given: str, kept: str
) -> None:
    told = services.uploads.receive(alice.id, client_id="1", name=given, content=picture())
    assert told.name == kept
