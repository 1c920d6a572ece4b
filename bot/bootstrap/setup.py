"""Sets a checkout up: both environments and the sentence encoder, each only where it is not yet."""

import os
from pathlib import Path

from bot.bootstrap.environments import Environment, sha256_of
from bot.bootstrap.installer import fetch_uv, find_uv
from bot.bootstrap.locks import locked
from bot.bootstrap.package_index import uv_environment
from bot.bootstrap.steps import Steps, say

ENCODER_STAMP = "set-up.txt"


class Checkout:
    """One checkout of the project, and what has to be in it before it can run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data_dir = Path(os.environ.get("BOT_DATA_DIR") or root / "var").resolve()
        self.log_folder = self.data_dir / "log"
        self.rasa = Environment(
            title="the Rasa side",
            folder=root / ".venv-rasa",
            versions=("3.10",),
            requirements=root / "bot" / "nlu" / "requirements.txt",
        )

    def main(self, *, development: bool) -> Environment:
        """The environment of everything else, with the tools for tests in it or without.

        Once the tools are there they stay: with them in it, it serves for running too.
        """
        tools, plain = (self._main(name) for name in ("requirements-dev.txt", "requirements.txt"))
        if development or tools.was_installed_from == tools.requirements.name:
            return tools
        return plain

    def set_up(self, *, development: bool, verify: bool = False) -> None:
        """Bring everything up to date; where it is already, this takes no time.

        With `verify` the encoder's files are looked at again. Raises SetupFailed.
        """
        if self._is_set_up(development=development) and not verify:
            return
        with locked(self.data_dir / "run" / "setup.lock", say) as lock:
            steps = Steps(self.log_folder, held=(lock,))
            outdated = [
                environment
                for environment in (self.main(development=development), self.rasa)
                if not environment.is_current()
            ]
            if outdated:
                uv = find_uv(self.root, os.environ, Path.home())
                uv = uv or fetch_uv(self.root, os.environ, steps)
                env = uv_environment(os.environ)
                for environment in outdated:
                    environment.install(uv, env, steps)
            if outdated or verify or not self._has_encoder():
                self._prepare_encoder(steps)

    def _main(self, requirements: str) -> Environment:
        return Environment(
            title="the assistant",
            folder=self.root / ".venv",
            versions=("3.11", "3.12", "3.13"),
            requirements=self.root / requirements,
            project=self.root,
        )

    def _is_set_up(self, *, development: bool) -> bool:
        return (
            self.main(development=development).is_current()
            and self.rasa.is_current()
            and self._has_encoder()
        )

    def _has_encoder(self) -> bool:
        try:
            return (self._encoder / ENCODER_STAMP).read_text("utf-8") == self._encoder_made_by()
        except OSError:
            return False

    @property
    def _encoder(self) -> Path:
        return self.data_dir / "encoder"

    def _encoder_made_by(self) -> str:
        nlu = self.root / "bot" / "nlu"
        makers = ("prepare_encoder.py", "minilm_graph.py", "requirements.txt")
        return sha256_of(*(nlu / name for name in makers))

    def _prepare_encoder(self, steps: Steps) -> None:
        steps.run(
            "Preparing the sentence encoder",
            [self.rasa.python, "-m", "bot.nlu.prepare_encoder", "--into", self._encoder],
            {**os.environ, "PYTHONPATH": str(self.root)},
            log="setup-encoder",
        )
        (self._encoder / ENCODER_STAMP).write_text(self._encoder_made_by(), "utf-8")
