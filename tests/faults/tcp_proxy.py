"""A TCP proxy on loopback whose connections a test can cut."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class TcpProxy:
    """Forwards bytes both ways until it is told to cut."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.accepted = 0

    @property
    def address(self) -> str:
        """Where to connect to."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def serve(self) -> None:
        """Accept until closed."""
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to_port))
            with self._lock:
                self.accepted += 1
                self._open |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(source, target), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        self._end({source, target})

    def _end(self, sockets: set[socket.socket]) -> None:
        with self._lock:
            self._open -= sockets
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def cut(self) -> None:
        """Cut every connection in the middle of whatever it carries."""
        with self._lock:
            cut = set(self._open)
        self._end(cut)

    def close(self) -> None:
        """Accept nothing more and cut the rest."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()


@contextlib.contextmanager
def tcp_proxy(to_port: int) -> Iterator[TcpProxy]:
    """A proxy to a port of loopback."""
    proxy = TcpProxy(to_port)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join(10)
