"""What the supervisor is told about a process, and the times it works by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.supervisor.probes import Probe


@dataclass(frozen=True)
class ProcessSpec:
    """One process: how it is started and how one sees that it is well."""

    name: str
    command: tuple[str, ...]
    probe: Probe
    """Asked again and again; a process that stops answering it is replaced."""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Added to the supervisor's own environment."""
    ready_probe: Probe | None = None
    """Where being ready is more than being alive: asked once, when the process starts."""
    ready_within_seconds: float = 60.0


@dataclass(frozen=True)
class Timing:
    """Every interval the supervisor works by, in seconds."""

    poll_every: float = 0.25
    """Between two probes of a process that has not answered yet."""
    probe_every: float = 5.0
    probe_timeout: float = 5.0
    probe_failures: int = 3
    """So many failed probes in a row and the process is killed and restarted."""
    first_wait: float = 0.5
    longest_wait: float = 30.0
    longest_wait_once_answered: float = 1.0
    """A process that had been serving comes back soon, however often it is killed."""
    quiet: float = 60.0
    """Alive for so long, a process starts again with the first wait."""
    start_attempts: int = 5
    """So many deaths before the first answer and starting is given up."""
    progress_every: float = 10.0
    stop_within: float = 6.5
    """All processes together, from the signal to the last one's end."""
    stop_reserve: float = 1.0
    """Of which each later process keeps so much when an earlier one is slow."""
