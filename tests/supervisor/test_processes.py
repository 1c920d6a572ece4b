"""The assistant's own processes are described so that each finds the others."""

import socket
from pathlib import Path

from bot.settings import Settings
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
