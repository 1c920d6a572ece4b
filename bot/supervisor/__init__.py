"""Starts the assistant's processes, watches them, restarts them and stops them together."""

from bot.supervisor.failures import PortTaken, StartFailed
from bot.supervisor.ports import claim_port
from bot.supervisor.probes import HeartbeatProbe, HttpProbe
from bot.supervisor.processes import run_service
from bot.supervisor.specification import ProcessSpec, Timing
from bot.supervisor.supervisor import Supervisor

__all__ = [
    "HeartbeatProbe",
    "HttpProbe",
    "PortTaken",
    "ProcessSpec",
    "StartFailed",
    "Supervisor",
    "Timing",
    "claim_port",
    "run_service",
]
