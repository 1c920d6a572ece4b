"""Trains a small model with the real domain and rules, then serves it as `bot.nlu.server` does."""

import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(HERE)]

from bot.nlu import server  # noqa: E402  (it sets what TensorFlow reads at its import)


def main(port: int, folder: Path) -> None:
    from rasa.model_training import train

    server.keep_logs_quiet("INFO")
    data = [str(HERE / "messages.yml"), str(ROOT / "data/rules"), str(ROOT / "data/responses")]
    trained = train(
        domain=str(ROOT / "domain.yml"),
        config=str(HERE / "config.yml"),
        training_files=data,
        output=str(folder),
    )
    asyncio.set_event_loop(asyncio.new_event_loop())
    server.serve(Path(trained.model), port)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
