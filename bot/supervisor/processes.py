"""The assistant's four processes: where they listen, how they are started and asked."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.settings import ROOT, Settings, actions_token, local_address, rasa_token
from bot.supervisor.failures import StartFailed
from bot.supervisor.ports import claim_port
from bot.supervisor.probes import HeartbeatProbe, HttpProbe
from bot.supervisor.specification import ProcessSpec
from bot.supervisor.supervisor import Supervisor, supervise

LOOPBACK = "127.0.0.1"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
RASA_READY_WITHIN_SECONDS = 300.0
ONE_THREAD = {
    # Small models answer faster on one thread than on several that wait for each other.
    "OMP_NUM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
}


def run_service(
    settings: Settings,
    model: Path,
    say: Callable[[str], None],
    on_ready: Callable[[str], None],
) -> int:
    """Run the assistant until it is told to stop, and return the exit code.

    `on_ready` is called once, with the web process's own address, when every process answers and
    a message would be answered. Every failure to start ends in one sentence and code 1.
    """
    try:
        specs, address = processes(settings, model)
    except StartFailed as failure:
        say(str(failure))
        return 1
    supervisor = Supervisor(
        specs,
        log_folder=settings.data_dir / "log",
        directory=ROOT,
        say=say,
        on_ready=lambda: on_ready(address),
    )
    return supervise(supervisor, say)


def processes(settings: Settings, model: Path) -> tuple[list[ProcessSpec], str]:
    """Return the processes in the order in which they stop, and the web process's address.

    Raises PortTaken when a port that the settings name is in use.
    """
    data_dir = settings.data_dir.resolve()
    port = claim_port(settings.host, settings.port, "BOT_PORT")
    rasa_port = claim_port(LOOPBACK, settings.rasa_port, "BOT_RASA_PORT")
    actions_port = claim_port(LOOPBACK, settings.actions_port, "BOT_ACTIONS_PORT")
    env = {
        "BOT_DATA_DIR": str(data_dir),
        "BOT_PORT": str(port),
        "BOT_RASA_URL": f"http://{LOOPBACK}:{rasa_port}",
        "BOT_RASA_TOKEN": rasa_token(settings),
        "BOT_ACTIONS_URL": f"http://{LOOPBACK}:{actions_port}",
        "BOT_ACTIONS_TOKEN": actions_token(settings),
        "PYTHONUNBUFFERED": "1",
        **ONE_THREAD,
    }
    bot = str(Path(sys.executable).with_name("bot"))
    address = local_address(settings.host, port)
    specs = [
        ProcessSpec(
            name="web",
            command=(bot, "web"),
            env=env,
            probe=HttpProbe(f"{address}/healthz"),
            ready_probe=HttpProbe(f"{address}/readyz"),
            ready_within_seconds=RASA_READY_WITHIN_SECONDS,  # it waits for Rasa
        ),
        ProcessSpec(
            name="worker",
            command=(bot, "worker"),
            env=env,
            probe=HeartbeatProbe(data_dir / "run" / "worker"),
        ),
        ProcessSpec(
            name="rasa",
            command=(
                *(str(RASA_PYTHON), "-m", "bot.nlu.server"),
                *("--port", str(rasa_port), "--model", str(model)),
            ),
            env=env,
            probe=HttpProbe(f"{env['BOT_RASA_URL']}/status?token={env['BOT_RASA_TOKEN']}"),
            ready_within_seconds=RASA_READY_WITHIN_SECONDS,
        ),
        ProcessSpec(
            name="actions",
            command=(sys.executable, "-m", "actions", "--port", str(actions_port)),
            env=env,
            probe=HttpProbe(f"{env['BOT_ACTIONS_URL']}/health"),
        ),
    ]
    return specs, address
