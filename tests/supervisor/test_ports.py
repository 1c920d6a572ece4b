"""Ports are found free, and a taken one is told in a sentence."""

import socket

import pytest

from bot.supervisor import PortTaken
from bot.supervisor.ports import claim_port, free_port


def test_a_taken_port_is_told_with_the_setting_that_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as refusal:
            claim_port("127.0.0.1", port, "BOT_PORT")
    assert str(refusal.value) == (
        f"Port {port} is already in use; stop what uses it or set BOT_PORT to another."
    )


def test_port_zero_becomes_a_port_that_can_be_listened_on() -> None:
    port = claim_port("127.0.0.1", 0, "BOT_RASA_PORT")
    socket.create_server(("127.0.0.1", port)).close()


def test_a_free_port_is_taken_as_asked() -> None:
    port = free_port()
    assert claim_port("127.0.0.1", port, "BOT_PORT") == port
