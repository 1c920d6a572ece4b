"""Asks both models for each message in turn, in one process, on one thread.

python -m bot.nlu.evaluation.parsing --ours MODEL --default MODEL --messages FILE --out FILE
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bot.nlu.evaluation.answers import Answer, read_answer
from bot.nlu.rasa_training import load_rasa

if TYPE_CHECKING:
    from rasa.core.agent import Agent

# The first parses build what later ones use; they are asked for and not counted.
WARMING_UP = 20
# Of a message's times the middle one counts, so that what else a machine does is left out.
ROUNDS = 3


def load(archive: Path) -> Agent:
    """A model, ready to parse, in a Rasa that says little and computes on as many threads as told.

    Raises OSError or what Rasa raises where the archive cannot be loaded.
    """
    load_rasa()
    from rasa.core.agent import Agent
    from rasa.utils.tensorflow.environment import setup_tf_environment

    setup_tf_environment()
    return Agent.load(str(archive))


async def ask_in_turn(agents: dict[str, Agent], texts: Sequence[str]) -> dict[str, list[Answer]]:
    """Every answer of every model. Who is asked first changes from message to message."""
    names = list(agents)
    for text in texts[:WARMING_UP]:
        for name in names:
            await agents[name].parse_message(text)
    rounds = []
    for _ in range(ROUNDS):
        answers: dict[str, list[Answer]] = {name: [] for name in names}
        for number, text in enumerate(texts):
            for name in names if number % 2 else reversed(names):
                answers[name].append(await ask(agents[name], text))
        rounds.append(answers)
    return {name: middle_of([answers[name] for answers in rounds]) for name in names}


def middle_of(rounds: Sequence[Sequence[Answer]]) -> list[Answer]:
    """The answers of the first round, each with the middle one of its times."""
    return [
        replace(answers[0], milliseconds=median(answer.milliseconds for answer in answers))
        for answers in zip(*rounds, strict=True)
    ]


async def ask(agent: Agent, text: str) -> Answer:
    """One answer, with the milliseconds that it took."""
    began = time.perf_counter()
    parsed = await agent.parse_message(text)
    return read_answer(parsed, round((time.perf_counter() - began) * 1000, 3))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read texts, a JSON list; write the answers of both, a JSON object."""
    parser = argparse.ArgumentParser(prog="bot.nlu.evaluation.parsing")
    for name in ("ours", "default", "messages", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    texts = json.loads(chosen.messages.read_text(encoding="utf-8"))
    agents = {name: load(getattr(chosen, name)) for name in ("ours", "default")}
    answers = asyncio.run(ask_in_turn(agents, texts))
    data = {name: [each.as_data() for each in found] for name, found in answers.items()}
    chosen.out.write_text(json.dumps(data), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
