"""A page of another site reaches nothing of a visitor's conversation, in a browser."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from bot.app import Services
from bot.storage.tables import Conversation, Message
from tests.browser.stand_in import page_of_a_shop
from tests.web.serving import served

ATTACK = """async ([chat, id, token]) => {
  const tried = {};
  const post = (path, body, headers) =>
    fetch(chat + path, { method: "POST", body, headers }).then(
      (answer) => answer.status,
      () => "refused",
    );
  tried.begin = await post("/api/v1/conversations", "{}", { "Content-Type": "application/json" });
  tried.simple = await post("/api/v1/conversations", "{}", { "Content-Type": "text/plain" });
  tried.send = await post(
    `/api/v1/conversations/${id}/messages`,
    JSON.stringify({ client_id: "1", text: "forged" }),
    { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
  );
  tried.read = await fetch(`${chat}/api/v1/conversations/${id}/messages?after=0`, {
    headers: { Authorization: `Bearer ${token}` },
  }).then((answer) => answer.status, () => "refused");
  tried.socket = await new Promise((done) => {
    const address = `${chat.replace("http", "ws")}/api/v1/conversations/${id}/socket?after=0`;
    const socket = new WebSocket(address, ["chat.v1", token]);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  });
  return tried;
}"""


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of one kind: what the browser may reach is the same on both."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.sqlite3')}"


def test_a_page_of_another_site_begins_sends_reads_and_follows_nothing(
    browser: Browser, services: Services
) -> None:
    alice = services.intake.start()
    with (
        served(services) as chat,
        page_of_a_shop("<title>Mallory</title>", "object-src 'none'") as mallory,
    ):
        context = browser.new_context()
        page = context.new_page()
        page.goto(mallory)
        tried = page.evaluate(ATTACK, [chat, alice.id, alice.token])  # even with her token
        context.close()
    assert set(tried.values()) == {"refused"}
    with services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1
        assert session.scalar(select(func.count()).where(Message.text == "forged")) == 0
