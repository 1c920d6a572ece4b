"""Finds free ports, and tells when a wanted one is taken."""

import errno
import socket

from bot.supervisor.failures import PortTaken, StartFailed


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of this host that nobody listens on at the moment."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def claim_port(host: str, port: int, setting: str) -> int:
    """Return the port if it can be listened on, or any free one for 0.

    Raises PortTaken if another program has it, and StartFailed if this machine or this user may
    not listen there; both name the setting to change.
    """
    if port == 0:
        return free_port(host)
    try:
        with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
            # A port whose last connections are only winding down is free for a server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as error:
        raise StartFailed(
            f"This user may not listen on port {port}; set {setting} to one above 1023."
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port, setting) from error
        raise StartFailed(
            f"Nothing can listen on {host} port {port} ({error.strerror}); "
            f"check BOT_HOST and {setting}."
        ) from error
    return port


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
