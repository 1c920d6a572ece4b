"""How much memory a Rasa process holds that serves one model and has parsed every message.

python -m bot.nlu.evaluation.memory --model MODEL --messages FILE --out FILE
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

STATUS = Path("/proc/self/status")


def resident_megabytes() -> float:
    """Of this process, in megabytes of 1,000,000 bytes; its peak where the system tells no more."""
    if STATUS.exists():
        line = next(each for each in STATUS.read_text().splitlines() if each.startswith("VmRSS"))
        return round(int(line.split()[1]) * 1024 / 1e6, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Load as the server does, parse, and write the megabytes as JSON."""
    parser = argparse.ArgumentParser(prog="bot.nlu.evaluation.memory")
    for name in ("model", "messages", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    # Everything that serving needs stands in memory beside the model.
    import bot.nlu.server  # noqa: F401
    from bot.nlu.evaluation.parsing import load

    agent = load(chosen.model)

    async def parse_all() -> None:
        for text in json.loads(chosen.messages.read_text(encoding="utf-8")):
            await agent.parse_message(text)

    asyncio.run(parse_all())
    chosen.out.write_text(json.dumps({"megabytes": resident_megabytes()}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
