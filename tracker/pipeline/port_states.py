"""In which state a port call was: that of the port where its name tells it, for waters off a border tell another."""

from functools import cache

from tracker.zones.ports import read_ports


def state_at(kind: str, state: str | None, port: str | None, /) -> str | None:
    """State of the port of a call, where its name tells one port; else the state of the waters."""
    return _states_of_ports().get(port, state) if kind == "port_call" and port is not None else state


@cache
def _states_of_ports() -> dict[str, str]:
    """State by the name of a port, for names that one state's ports bear."""
    ports = read_ports()
    states: dict[str, set[str]] = {}
    for name, state in zip(ports.name.tolist(), ports.state.tolist(), strict=True):
        states.setdefault(name, set()).add(state)
    return {name: next(iter(found)) for name, found in states.items() if len(found) == 1}
