"""What the widget costs a page, beside two others from the npm registry: in a real browser.

Run from the root: `.venv/bin/python -m benchmarks.widget`. The processor is slowed four times. The
others are fetched into `var/bench` by npm, from the registry it is set up with, in a fixed version
whose hash is checked; without a registry only our own widget is measured, and that is said.
"""

import base64
import contextlib
import functools
import gzip
import hashlib
import http.server
import json
import os
import shutil
import statistics
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.app import compose
from bot.settings import ROOT, Settings
from bot.storage.migrate import migrate
from tests.browser.conftest import ARGUMENTS
from tests.browser.stand_in import StandIn
from tests.conftest import agent_at_work
from tests.web.serving import served

BENCH = ROOT / "var" / "bench"
SLOWER = 4
RUNS = 5
MESSAGES = 60
SETTLED_MS = 3_000
POLICY = (
    "default-src 'none'; script-src 'self' {chat}; style-src 'self' {chat}; img-src 'self' {chat}; "
    "connect-src 'self' {chat} {socket}; require-trusted-types-for 'script'"
)
WATCH = """
window.blocked = window.shift = window.violations = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) blocked += Math.max(0, duration - 50);
}).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
addEventListener("securitypolicyviolation", () => violations++);
"""


@dataclass(frozen=True)
class Peer:
    """Another widget: its package, the hash it must have, its file, and how a page starts it."""

    package: str
    integrity: str
    script: str
    module: bool
    body: str
    start: str


PEERS = (
    Peer(
        "deep-chat@2.4.2",
        "sha512-wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ==",
        "dist/deepChat.bundle.js",
        True,
        "<deep-chat demo='true'></deep-chat>",
        "",
    ),
    Peer(
        "rasa-webchat@1.0.1",
        "sha512-Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKKUXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w==",
        "lib/index.js",
        False,
        "",
        "WebChat.default({ socketUrl: location.origin, title: 'Chat' }, null);",
    ),
)


@dataclass(frozen=True)
class Cost:
    """What a page pays before anybody has opened the chat."""

    gzip_bytes: int
    blocked_ms: float
    script_ms: float
    shift: float
    violations: int


def fetched(peer: Peer) -> Path | None:
    """The package's folder, checked against its hash; None where no registry answers."""
    folder = BENCH / peer.package
    if (folder / peer.script).exists():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        return None
    BENCH.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", peer.package, "--json", "--silent", f"--pack-destination={BENCH}"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        packed = subprocess.run(  # noqa: S603 - npm with a fixed package
            command, cwd=BENCH, capture_output=True, check=True, timeout=120
        )
        archive = BENCH / json.loads(packed.stdout)[0]["filename"]
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != peer.integrity:
            raise SystemExit(f"{peer.package} is not what it was: its hash differs.")
        with tarfile.open(archive) as tar:
            tar.extractall(BENCH / f"{peer.package}.part", filter="data")
        archive.unlink()
        (BENCH / f"{peer.package}.part" / "package").rename(folder)
        return folder
    return None


@contextlib.contextmanager
def page_with(folder: Path, html: str, policy: str) -> Iterator[str]:
    """A folder's files and a page beside them, under a strict policy; gives the address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def document(head: str, body: str) -> str:
    """A page with one paragraph and a chat."""
    icon = '<link rel="icon" href="/icon">'
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Rings</title>{icon}'
        f"{head}<body><h1>Rings</h1>{body}</body></html>"
    )


def slowed(browser: Browser) -> Page:
    """A page of its own whose processor is slowed."""
    context = browser.new_context(viewport={"width": 1100, "height": 800}, locale="en-US")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def cost(browser: Browser, address: str, gzip_bytes: int) -> Cost:
    """The middle of several fresh loads."""
    found = []
    for _ in range(RUNS):
        page = slowed(browser)
        metrics = page.context.new_cdp_session(page)
        metrics.send("Performance.enable")
        page.goto(address)
        page.wait_for_timeout(SETTLED_MS)
        values = {m["name"]: m["value"] for m in metrics.send("Performance.getMetrics")["metrics"]}
        blocked, shift, violations = page.evaluate("[blocked, shift, violations]")
        found.append((blocked, values["ScriptDuration"] * 1000, shift, violations))
        page.context.close()
    blocked, script, shift, violations = (statistics.median(v) for v in zip(*found, strict=True))
    return Cost(gzip_bytes, blocked, script, shift, int(violations))


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


def measure_ours(browser: Browser) -> tuple[Cost, float]:
    """The cost of our launcher, and from click to ready in ms (p95)."""
    with StandIn().served() as chat, tempfile.TemporaryDirectory() as folder:
        html = document(f'<script src="{chat.address}/widget/chat.js" async></script>', "")
        socket = chat.address.replace("http", "ws")
        policy = POLICY.format(chat=chat.address, socket=socket)
        with page_with(Path(folder), html, policy) as address:
            chat.origins.add(address)
            widget = ROOT / "bot" / "web" / "static" / "widget"
            settings = len(gzip.compress(json.dumps(chat.settings).encode(), mtime=0))
            before = cost(browser, address, compressed(widget / "chat.js") + settings)
            ready = [click_to_ready(browser, address) for _ in range(RUNS * 4)]
    return before, p95(ready)


def click_to_ready(browser: Browser, address: str) -> float:
    """From a finger's click until the input has the focus, in ms."""
    page = slowed(browser)
    page.goto(address)
    page.get_by_role("button", name="Chat with us").wait_for()
    taken: float = page.evaluate(
        """() => new Promise((done) => {
          const root = document.querySelector("support-chat").shadowRoot;
          const began = performance.now();
          root.querySelector(".launcher").click();
          const look = () => {
            if (root.activeElement?.matches("textarea")) done(performance.now() - began);
            else setTimeout(look);
          };
          look();
        })"""
    )
    page.context.close()
    return taken


SEND = """(text) => new Promise((done) => {
  const root = document.querySelector("support-chat").shadowRoot;
  const input = root.querySelector("textarea");
  input.value = text;
  const began = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    done([performance.now() - began, performance.timeOrigin + began]);
  }).observe(root.querySelector("ol"), { childList: true });
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
})"""
LISTEN = """() => {
  const list = document.querySelector("support-chat").shadowRoot.querySelector("ol");
  window.arrived = {};
  new MutationObserver(() => {
    const text = list.lastChild.querySelector(".text").textContent;
    arrived[text] ??= performance.timeOrigin + performance.now();
  }).observe(list, { childList: true });
}"""


def measure_messages(browser: Browser) -> tuple[float, float]:
    """To the visitor's own bubble, and to the other side's window, over the real server (p95)."""
    with tempfile.TemporaryDirectory() as folder:
        services = compose(Settings(data_dir=Path(folder)))
        migrate(services.database)
        bob = agent_at_work(services)
        with served(services) as address:
            mine, other = slowed(browser), slowed(browser)
            mine.goto(address)
            mine.get_by_role("button", name="Chat with us").click()
            mine.locator("li.bot").first.wait_for()
            kept = mine.evaluate("localStorage['support-chat-conversation']")
            services.desk.claim(json.loads(kept)["id"], bob)
            other.goto(address)
            other.evaluate("(kept) => (localStorage['support-chat-conversation'] = kept)", kept)
            other.reload()
            other.get_by_role("button", name="Chat with us").click()
            other.locator("li.bot").first.wait_for()
            other.evaluate(LISTEN)
            own, across = [], []
            for number in range(MESSAGES):
                text = f"message {number}"
                bubble, began = mine.evaluate(SEND, text)
                other.wait_for_function("(text) => arrived[text]", arg=text)
                own.append(bubble)
                across.append(other.evaluate("(text) => arrived[text]", text) - began)
            for page in (mine, other):
                page.context.close()
        services.database.close()
    return p95(own), p95(across)


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def measure_peer(browser: Browser, peer: Peer) -> Cost | None:
    """What a peer costs a page; None where it cannot be had."""
    folder = fetched(peer)
    if folder is None:
        return None
    (folder / "start.js").write_text(peer.start, encoding="utf-8")
    kind = ' type="module"' if peer.module else " defer"
    head = f'<script src="/{peer.script}"{kind}></script><script src="/start.js" defer></script>'
    policy = POLICY.format(chat="", socket="")
    with page_with(folder, document(head, peer.body), policy) as address:
        return cost(browser, address, compressed(folder / peer.script))


def main() -> None:
    """Measure, and print a table."""
    path = os.environ.get("BOT_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        ours, ready = measure_ours(browser)
        rows: list[tuple[str, Cost | None]] = [("ours", ours)]
        rows += [(peer.package, measure_peer(browser, peer)) for peer in PEERS]
        own, across = measure_messages(browser)
        browser.close()
    print(f"Before the chat is opened, processor slowed {SLOWER} times, middle of {RUNS} loads:")
    for name, found in rows:
        if found is None:
            print(f"{name:20} not measured: no package registry answered")
            continue
        print(
            f"{name:20} {found.gzip_bytes / 1000:6.1f} KB gzip, "
            f"{found.blocked_ms:5.0f} ms blocked, "
            f"{found.script_ms:5.0f} ms of script, {found.shift:.3f} layout shift, "
            f"{found.violations} policy violations"
        )
    print(f"click to ready to type: {ready:.0f} ms at p95")
    print(f"message to own bubble: {own:.1f} ms at p95")
    print(f"message to the other side's window: {across:.1f} ms at p95")


if __name__ == "__main__":
    main()
