"""A message in another language is marked as such, so that it is spoken and set rightly."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener, picture
from tests.browser.test_first_visit import messages, open_chat, say


def test_arabic_is_marked_and_runs_from_the_right(open_page: Opener) -> None:
    page = open_page()
    open_chat(page)
    say(page, "هل يمكنني تغيير عنوان التوصيل؟")
    expect(messages(page, "bot")).to_have_count(3)
    expect(messages(page, "visitor").locator(".text")).to_have_attribute("lang", "ar")
    english, arabic = messages(page, "bot").nth(1), messages(page, "bot").nth(2)
    expect(english).to_contain_text("you are writing in Arabic")
    expect(english.locator(".text")).to_have_attribute("lang", "en")
    expect(english.locator(".card")).to_be_visible()
    text = arabic.locator(".text")
    expect(text).to_have_attribute("lang", "ar")
    expect(text).to_have_css("direction", "rtl")
    expect(arabic.get_by_role("button")).to_have_text("التحدث مع شخص")
    picture(page, "chat-arabic")
