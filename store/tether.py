"""Becomes another program that dies with the process that started it (Linux; elsewhere it only becomes it).

Run as a file: `python -I -S tether.py PARENT_PID PROGRAM ARGUMENT...`. The death signal belongs to the parent's
*thread* that forked, and survives exec: prctl(2), PR_SET_PDEATHSIG.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
EXIT_FAILED = 71  # EX_OSERR of sysexits.h


def tie_to_parent(parent: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        sys.exit(EXIT_FAILED)
    if os.getppid() != parent:  # it died before the signal was set up
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    if sys.platform == "linux":
        tie_to_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  no shell is wanted
