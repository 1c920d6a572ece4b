"""What agents see of a mail: its case, what is odd about it, its files, and a draft not sent."""

import re

import pytest

from bot.app import Services
from bot.tickets import Tickets
from tests.mail.cast import mails
from tests.mail.incoming_cast import Shop, raw, shop_of, written
from tests.web.console.browser import Browser


@pytest.fixture
def shop(services: Services) -> Shop:
    return shop_of(services, Tickets(services.policy, services.calendar, services.notices))


def test_a_mail_is_shown_with_its_draft_which_nobody_has_sent(bob: Browser, shop: Shop) -> None:
    receipt = shop.takes_and_works(raw("plain"))
    page = bob.page(f"conversations/{receipt.conversation_id}")
    for shown in (
        "Draft, not sent",
        "sorry your piece is damaged",
        "report_damaged 90%",
        "it came by e-mail",
        "By e-mail: a person answers",
        "Alice Example &lt;alice@example.com&gt;",
    ):
        assert shown in page
    assert [m.sender for m in shop.messages] == ["visitor"]


def test_a_draft_can_be_put_into_the_reply(bob: Browser, shop: Shop) -> None:
    receipt = shop.takes_and_works(raw("plain"))
    page = bob.page(f"conversations/{receipt.conversation_id}?draft=1")
    reply = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert reply
    assert "sorry your piece is damaged" in reply[1]


def test_an_attachment_is_saved_under_its_name_and_never_shown(bob: Browser, shop: Shop) -> None:
    receipt = shop.takes_and_works(raw("nested"))
    address = f"/console/attachments\\?conversation={receipt.conversation_id}&amp;id="
    page = bob.page(f"conversations/{receipt.conversation_id}")
    (href, name), *_ = re.findall(rf'href="({address}\d+)" download>([^<]+)', page)
    assert name == "ohrringé.jpg"
    answer = bob.http.get(href.replace("&amp;", "&"))
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''ohrring")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("which", ["&id=999", "&id=x", ""])
def test_a_file_that_there_is_not_is_not_found(bob: Browser, shop: Shop, which: str) -> None:
    first = shop.takes_and_works(raw("plain"))
    shop.takes_and_works(raw("nested"))
    address = f"/console/attachments?conversation={first.conversation_id}"
    assert bob.http.get(address + which).status_code == 404
    assert bob.http.get(f"{address}&id=1").status_code == 404  # another conversation's


def test_what_mallory_writes_stays_text(bob: Browser, shop: Shop) -> None:
    receipt = shop.takes_and_works(
        written(
            "<script>alert(1)</script>",
            subject="<b>hello</b>",
            sender='"<img src=x>" <mallory@example.org>',
        )
    )
    page = bob.page(f"conversations/{receipt.conversation_id}")
    assert "<script>alert" not in page
    assert "<b>hello" not in page
    assert "<img src" not in page


def test_what_was_put_aside_is_listed_with_why(bob: Browser, shop: Shop) -> None:
    shop.takes_and_works(raw("automatic_list"))
    page = bob.page("mail-aside")
    assert "[news] Hello" in page
    assert "Nobody was answered: it is a mailing list." in page
    assert "/console/mail-aside" in bob.page("")


def test_a_case_is_made_of_a_mail_put_aside_and_acknowledged(
    bob: Browser, shop: Shop, services: Services
) -> None:
    shop.takes_and_works(written("The clasp broke.", Precedence="bulk"))
    assert shop.tickets == []
    page = bob.page("mail-aside")
    (path,) = re.findall(r'action="/console/(mail-aside/\d+/case)"', page)
    made = bob.press(path, reason="a person wrote it")
    shop.drafting.work_off()
    ticket = shop.ticket
    assert made.headers["location"] == f"/console/conversations/{ticket.conversation_id}"
    assert (ticket.category, ticket.email) == ("damaged", "alice@example.com")
    assert [mail.template for mail in mails(services)] == ["acknowledgement"]
    assert "made a case of it: a person wrote it" in bob.page(
        f"conversations/{ticket.conversation_id}"
    )
    assert path not in bob.page("mail-aside")
    assert bob.press(path, reason="again").status_code == 404
    assert len(shop.tickets) == 1


def test_no_case_is_made_without_a_reason_or_of_our_own_mail(bob: Browser, shop: Shop) -> None:
    shop.takes_and_works(written("The clasp broke.", Precedence="bulk"))
    shop.takes_and_works(raw("bounce"))
    first, report = shop.mails
    assert bob.press(f"mail-aside/{first.id}/case", reason=" ").status_code == 400
    assert bob.press(f"mail-aside/{report.id}/case", reason="why not").status_code == 404
    assert bob.press(f"mail-aside/{2**80}/case", reason="why not").status_code == 404
    assert shop.messages == []
