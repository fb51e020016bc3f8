"""Who listens on a port of this machine: a process is ready when it answers itself, not when its port does."""

import errno
import socket
from pathlib import Path

_LISTENS = "0A"
"""The state of a socket that listens, as the kernel writes it."""


class PortTakenError(OSError):
    """Something else listens on the port that was asked for; the message names it and what to do."""


def listens(pid: int, port: int) -> bool:
    """Tell whether this very process listens on a TCP port, whatever the address."""
    return bool(_sockets_of(pid) & _listening(pid, port))


def check_free(port: int, host: str = "127.0.0.1") -> None:
    """Return if a port can be listened on now; 0 always can.

    Raises:
        PortTakenError: something else listens on it.
        OSError: the host is none of this machine, or the port is not for us.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(taken(port)) from error


def taken(port: int) -> str:
    """Return what to say of a port that something else listens on."""
    return f"port {port} is in use; name another one, or 0 for a free one"


def _listening(pid: int, port: int) -> set[str]:
    """Return the sockets in the process's network that listen on a port, by inode."""
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        except OSError:  # it ended, or knows no IPv6
            continue
        for line in lines:
            _, local, _, state, *rest = line.split()
            if state == _LISTENS and int(local.rpartition(":")[2], 16) == port:
                found.add(rest[5])
    return found


def _sockets_of(pid: int) -> set[str]:
    found = set()
    try:
        for file in Path(f"/proc/{pid}/fd").iterdir():
            try:
                name = str(file.readlink())
            except OSError:  # closed meanwhile
                continue
            if name.startswith("socket:["):
                found.add(name[len("socket:[") : -1])
    except OSError:
        return set()
    return found
