"""The supervisor as a program of its own, so that tests can signal and kill it.

`supervised.py FOLDER NAME:PORT[:WAY] ...`, its processes being `server.py`.
"""

import os
import sys
from pathlib import Path

from bot.supervisor import HttpProbe, ProcessSpec, Supervisor, Timing
from bot.supervisor.supervisor import supervise

SERVER = Path(__file__).with_name("server.py")
TIMING = Timing(
    poll_every=0.02,
    probe_every=0.1,
    probe_timeout=0.3,
    first_wait=0.05,
    progress_every=0.2,
    stop_within=2.0,
    stop_reserve=0.3,
)


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main(folder: Path, servers: list[str]) -> int:
    specs = []
    for server in servers:
        name, port, *ways = server.split(":")
        specs.append(
            ProcessSpec(
                name=name,
                command=(sys.executable, str(SERVER), port, *ways),
                probe=HttpProbe(f"http://127.0.0.1:{port}/"),
                ready_within_seconds=float(os.environ.get("READY_WITHIN_SECONDS", "20")),
            )
        )
    supervisor = Supervisor(
        specs,
        log_folder=folder,
        directory=folder,
        say=say,
        on_ready=lambda: say("All is up."),
        timing=TIMING,
    )
    return supervise(supervisor, say)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
