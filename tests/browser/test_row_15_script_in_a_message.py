"""Two hundred scripts in everything that the widget shows: none runs, none is even tried.

The page has no policy of its own that could stop one, and tells where one would have been stopped.
"""

from itertools import product

from playwright.sync_api import Browser, expect

from tests.browser.embedding import DESKTOP, embedded, open_chat
from tests.browser.stand_in import attachment

RUN = "window.ran=1"
SHAPES = [
    "<script>{run}</script>",
    "<img src=x onerror={run}>",
    "<svg onload={run}>",
    "<svg><script>{run}</script></svg>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<iframe src='javascript:parent.ran=1'>",
    "<a href='javascript:{run}'>here</a>",
    "<details open ontoggle={run}>",
    "<input autofocus onfocus={run}>",
    "<video><source onerror={run}></video>",
    "<body onload={run}>",
    "<math><mtext><img src=x onerror={run}></mtext></math>",
    "<template><script>{run}</script></template>",
    "<style>@import 'javascript:{run}'</style>",
    "<object data='javascript:{run}'>",
    "<embed src='javascript:{run}'>",
    "<link rel=stylesheet href='javascript:{run}'>",
    "<form action='javascript:{run}'><button autofocus>",
    "<marquee onstart={run}>",
    "<p style='animation-name:x' onanimationstart={run}>",
]
WRAPPERS = [
    "{}",
    '">{}',
    "'>{}",
    "</p></li></textarea></title></script>{}",
    "{{{{constructor.constructor('window.ran=1')()}}}}{}",
    "${{window.ran=1}}{}",
    "javascript:window.ran=1//{}",
    "https://a.example/{}",
    "data:text/html,{}",
    "\u202e{}\u0000",
]
PAYLOADS = [wrapper.format(shape.format(run=RUN)) for shape, wrapper in product(SHAPES, WRAPPERS)]
OPEN_POLICY = "object-src 'none'"
STRICT_POLICY = "require-trusted-types-for 'script'"


def test_two_hundred_scripts_do_not_run_in_the_widget(browser: Browser) -> None:
    assert len(set(PAYLOADS)) == 200
    for policy in (OPEN_POLICY, STRICT_POLICY):
        with embedded(browser, policy=policy) as shop:
            page = shop.open(**DESKTOP)
            open_chat(page)
            for payload in PAYLOADS:
                shop.chat.messages.append(
                    {**shop.chat.messages[0], **message_of(payload, len(shop.chat.messages) + 1)}
                )
            page.reload()
            expect(page.locator("li")).to_have_count(len(PAYLOADS) + 1)
            page.locator("textarea").fill(PAYLOADS[0])
            page.keyboard.press("Enter")
            expect(page.locator("li.pending")).to_have_count(0)
            for link in page.locator(".log a").all()[:50]:
                assert (link.get_attribute("href") or "").startswith(("https:", shop.chat.address))
            assert page.evaluate("window.ran") is None
            shop.forget()  # pictures without a known size move what is below them
            assert page.evaluate("window.ran") is None


def message_of(payload: str, sequence: int) -> dict[str, object]:
    """A message with the script in everything that it can carry."""
    return {
        "sequence": sequence,
        "sender": "agent",
        "text": payload,
        "lang": payload,
        "agent": {"name": payload},
        "buttons": [{"id": payload, "title": payload}],
        "sources": [{"document": payload, "section": payload, "title": payload}],
        "ticket": {"reference": payload},
        "attachments": [{**attachment("1", payload), "url": "javascript:window.ran=1"}],
        "cards": [
            {
                "kind": "product",
                "title": payload,
                "lines": [payload],
                "image": payload,
                "link": payload,
                "status": payload,
            }
        ],
    }
