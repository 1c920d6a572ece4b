"""The assistant's own processes are described so that each finds the others."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings, local_address
from bot.supervisor import run_service
from bot.supervisor.processes import processes


def settings_for(folder: Path, **given: object) -> Settings:
    return Settings.model_validate({"data_dir": folder, "port": 0, **given})


def test_every_process_is_told_the_same_addresses_and_tokens(tmp_path: Path) -> None:
    specs, address = processes(settings_for(tmp_path), Path("model.tar.gz"))
    assert [spec.name for spec in specs] == ["web", "worker", "rasa", "actions"]
    assert len({tuple(sorted(spec.env.items())) for spec in specs}) == 1
    env = specs[0].env
    assert address == f"http://127.0.0.1:{env['BOT_PORT']}"
    ports = {env["BOT_PORT"], env["BOT_RASA_URL"][-5:], env["BOT_ACTIONS_URL"][-5:]}
    assert len(ports) == 3
    assert env["BOT_RASA_TOKEN"] != env["BOT_ACTIONS_TOKEN"]


def test_any_free_port_is_the_one_that_is_printed_and_that_links_in_mails_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs, printed = processes(settings_for(tmp_path), Path("model.tar.gz"))
    for spec in specs[:2]:  # web and worker write mails
        for name, value in spec.env.items():
            monkeypatch.setenv(name, value)
        assert Settings().address == printed


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_process_that_would_write_links_without_a_port_does_not_start(
    tmp_path: Path, command: str
) -> None:
    bot = "from bot.cli import main; main()"
    env = {"BOT_DATA_DIR": str(tmp_path), "BOT_PORT": "0", "BOT_PUBLIC_URL": "", "PATH": ""}
    ended = subprocess.run(  # our own command
        [sys.executable, "-c", bot, command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("BOT_PORT=0 takes any free port")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("::", "http://[::1]:8000"),
    ],
)
def test_an_address_can_be_opened_wherever_the_server_listens(host: str, address: str) -> None:
    assert local_address(host, 8000) == address


def test_a_token_is_in_no_description_that_might_be_logged(tmp_path: Path) -> None:
    specs, _address = processes(settings_for(tmp_path), Path("model.tar.gz"))
    token = specs[0].env["BOT_RASA_TOKEN"]
    assert not any(token in repr(spec) for spec in specs)


def test_a_taken_public_port_ends_in_one_sentence(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = settings_for(tmp_path, port=port)
        code = run_service(settings, Path("model.tar.gz"), said.append, said.append)
    assert code == 1
    assert said == [f"Port {port} is already in use; stop what uses it or set BOT_PORT to another."]
