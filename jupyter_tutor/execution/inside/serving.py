"""What a run does once it is confined: takes steps from the engine, shows what came of each."""

import socket
import sys
from typing import Any

from .bench import Bench
from .interrupts import Interrupts
from .streams import Streams
from .wire import Broken, Wire


def serve(
    end: socket.socket,
    shell: Any,
    work: str,
    link: socket.socket | None,
    role: str,
    begun: Bench | None = None,
) -> Bench | None:
    """Serve until the engine closes its end, or has this settle as a template: return the bench.

    A request is `["execute", steps]`; each step is answered by `["observation", seen]`, with
    `["stream", name, text]` in between, and the request at last by `["done"]`. When a cell was
    stopped, nothing but cells is run after it.
    """
    wire = Wire(end)
    send = wire.send
    streams = Streams(lambda name, text: send(["stream", name, text]), work)
    interrupts = Interrupts()
    bench = Bench(shell.user_ns, shell.transform_cell, streams, interrupts, begun)
    if link is not None:
        (bench.borrow if role == "oracle" else bench.link)(Wire(link))
    while True:
        try:
            request = wire.receive()
        except Broken:
            return None
        if request[0] == "settle":
            return bench
        goes_on, interrupts.happened = True, False
        for step in request[1]:
            if not goes_on and step["kind"] != "cell":
                break
            seen = bench.observe(step)
            send(["observation", seen])
            if step["kind"] == "cell" and (interrupts.happened or seen["ending"] not in _GOES_ON):
                goes_on = False
        send(["done"])


def rehearse(end: socket.socket, shell: Any) -> None:
    """Do what runs do, once, and tell which modules that took."""
    streams = Streams(lambda *_: None, "/nowhere")
    bench = Bench(shell.user_ns, shell.transform_cell, streams, Interrupts())
    for step in _REHEARSAL:
        bench.observe({"seed": 0, "output_bytes": 100, **step})
    Wire(end).send(["imported", list(sys.modules)])


_GOES_ON = ("completed", "raised")

_REHEARSAL: list[dict[str, Any]] = [
    {"kind": "facts", "setup": [], "cells": [{"name": "a", "source": "x = [f(a) for a in b]"}]},
    {"kind": "cell", "name": "a", "number": 0, "source": "def f(a):\n    return a[0]\nprint(1)"},
    {"kind": "cell", "name": "b", "number": 0, "source": "this is no Python"},
    {"kind": "cell", "name": "c", "number": 0, "source": "import asyncio\nawait asyncio.sleep(0)"},
    {"kind": "call", "source": "f([1, 2.5, 'x', {1: 2}])", "watch_arguments": True},
    {"kind": "call", "source": "f(1)"},
    {"kind": "assert", "source": "assert f([1]) == 2"},
    {
        "kind": "program",
        "stdin": "1\n",
        "sources": [{"name": "d", "number": 0, "source": "print(input())"}],
    },
    {"kind": "cell", "name": "e", "number": 0, "source": "print('x' * 1000)"},
]
