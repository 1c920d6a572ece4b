"""Becomes one of the supervisor's processes, having arranged to die when the supervisor dies.

Run as a script: `launch.py SUPERVISOR_PID COMMAND ARGUMENT...`. A script of its own, because code
between fork and exec in a program with threads may hang.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>; survives the exec below


def main(arguments: list[str]) -> None:
    """Replace this process by the command; returns only by leaving the program."""
    supervisor, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(supervisor):
        sys.exit("The supervisor ended before this process had started.")
    try:
        os.execvp(command[0], command)  # noqa: S606 - the command comes from the supervisor
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
