"""Why the assistant could not be started, each as the one sentence its owner reads."""


class StartFailed(Exception):
    """The assistant cannot start; the text says what to do about it."""


class PortTaken(StartFailed):
    """Another program listens on the port that was asked for."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(
            f"Port {port} is already in use; stop what uses it or set {setting} to another."
        )
