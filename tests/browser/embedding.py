"""A shop's strict page on one origin, with the chat from another, and all that goes wrong on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.stand_in import StandIn, page_of_a_shop

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1100, "height": 800}}
# Told by the page itself: what its policies forbade, how far its layout moved.
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    for (const { node, previousRect: from, currentRect: to } of entry.sources) {
      violations.push(`moved ${node?.className} ${JSON.stringify([from, to])}`);
    }
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# A style that would ruin the chat if it leaked in.
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rings</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="{chat}/pictures/icon">
<script src="{chat}/widget/chat.js" async></script></head>
<body><main><h1>Rings</h1><p>Simple rings, worn every day.</p><a href="/other">Other</a></main>
{element}</body></html>"""
POLICY = (
    "default-src 'none'; script-src {chat}; style-src {chat}; connect-src {chat} {socket}; "
    "img-src {chat}; require-trusted-types-for 'script'"
)


class ShopPage:
    """Opens the shop's page in browsers of their own and watches them."""

    def __init__(self, browser: Browser, chat: StandIn, address: str) -> None:
        self.browser, self.chat, self.address = browser, chat, address
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def open(self, *, path: str = "", **options: Any) -> Page:
        """Open the page in a fresh browser."""
        context = self.browser.new_context(
            **{"timezone_id": "America/New_York", "locale": "en-US", **options}
        )
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        self.contexts.append(context)
        return self.tab(context, path)

    def tab(self, context: BrowserContext, path: str = "") -> Page:
        """Another tab of the same browser."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.address + path)
        return page

    def collect(self) -> list[str]:
        """What the pages complained of since it was last asked."""
        told = [
            found
            for context in self.contexts
            for page in context.pages
            if page.url.startswith("http")
            for found in page.evaluate("violations.splice(0)")
        ]
        self.errors += told
        return told

    def forget(self) -> None:
        """Leave out what the tools of the test did to the pages since it was last asked."""
        kept = list(self.errors)
        self.collect()
        self.errors = kept

    def close(self) -> None:
        """Close all, and hold what they complained of to nothing."""
        self.collect()
        for context in self.contexts:
            context.close()
        assert not self.errors, self.errors


@contextmanager
def embedded(
    browser: Browser, element: str = "", *, policy: str = POLICY, **settings: Any
) -> Iterator[ShopPage]:
    """A stand-in and a page that embeds its chat."""
    stand_in = StandIn()
    stand_in.settings |= settings
    with stand_in.served() as chat:
        policy = policy.format(chat=chat.address, socket=chat.address.replace("http", "ws"))
        html = HTML.format(chat=chat.address, element=element)
        with page_of_a_shop(html, policy) as address:
            chat.origins.add(address.rstrip("/"))
            shop = ShopPage(browser, chat, address)
            yield shop
            shop.close()


def open_chat(page: Page) -> None:
    page.get_by_role("button", name="Chat with us").click()
    expect(page.get_by_role("log")).to_contain_text("automated assistant")


def write(page: Page, text: str, *, arrives: bool = True) -> None:
    page.get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")
    if arrives:
        expect(page.locator("li.visitor .text").last).to_have_text(text)
        expect(page.locator("li.visitor").last).to_have_attribute("data-delivery", "Sent")
