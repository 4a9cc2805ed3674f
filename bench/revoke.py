"""Measures how long a revoked visitor's open sockets live on.

    python bench/revoke.py --hub DIR [--sessions 200] [--rounds 5]

DIR is a Release build or publish of StreamHub.Server. Every session has an address of its own (127.1.0.1 ...) and is one of four kinds:
a socket of the demo app, the status socket of its page, /hubs/live, a circuit's. A round disables their user in one commit and takes the
time from the commit (the last write to SQLite's log, before it is flushed) until each socket has ended. Needs nothing but Python.
"""

import argparse
import base64
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

from netports import free_port, get

KINDS = {"app": ("users", "/app/demo/live"), "status": ("users", "/_hub/apps/demo/events"), "live hub": ("admin", "/hubs/live"), "circuit": ("admin", "/_blazor")}


class Hub:
    def __init__(self, directory, sessions):
        self.executable = str(pathlib.Path(directory) / "StreamHub.Server")
        self.data = tempfile.mkdtemp(prefix="streamhub-bench-")
        self.users, self.admin = free_port(), free_port()
        self.addresses = [f"127.1.{number // 200}.{number % 200 + 1}" for number in range(sessions)]

    def command(self, *verb):
        return [self.executable, *verb, f"--StreamHub:DataDirectory={self.data}/data", f"--StreamHub:Listen:Users=http://127.0.0.1:{self.users}",
                f"--StreamHub:Listen:Admin=http://127.0.0.1:{self.admin}"]

    def people(self, disabled):
        return {"apps": [{"slug": "demo", "name": "Demo", "runtime": "demo"}], "users": [
            {"name": "bench", "role": "admin", "addresses": ["127.0.0.1"]},
            {"name": "visitors", "role": "admin", "addresses": self.addresses, "disabled": disabled}]}

    def apply(self, disabled):
        """By the command line: a process of its own commits, the hub has to notice."""
        file = os.path.join(self.data, "people.json")
        with open(file, "w") as out:
            json.dump(self.people(disabled), out)
        subprocess.run(self.command("apply", file), check=True, stdout=subprocess.DEVNULL)

    def put(self, disabled):
        """By the API: the hub itself commits."""
        user = self.people(disabled)["users"][1]
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.admin}/api/v1/users/{user['name']}", json.dumps(user).encode(), {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{self.admin}"}, method="PUT")
        urllib.request.urlopen(request).close()

    def committed(self):
        return os.stat(f"{self.data}/data/hub.db-wal").st_mtime_ns / 1e9


def connect(source, port, path):
    link = socket.create_connection(("127.0.0.1", port), source_address=(source, 0))
    link.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
    head = link.recv(4096)
    assert head.startswith(b"HTTP/1.1 101"), head
    return link


def ends_of(links, ended):
    """Notes when each socket has ended, as soon as the kernel says so."""
    poll, waiting = select.epoll(), dict(links)
    for number in waiting:
        poll.register(number, select.EPOLLIN)
    while waiting:
        for number, _ in poll.poll():
            try:
                if waiting[number].recv(65536):
                    continue
            except ConnectionError:
                pass
            ended[number] = time.time()
            poll.unregister(number)
            del waiting[number]


def a_round(hub, way):
    kinds = [list(KINDS)[number % len(KINDS)] for number in range(len(hub.addresses))]
    links = [connect(address, getattr(hub, KINDS[kind][0]), KINDS[kind][1]) for address, kind in zip(hub.addresses, kinds)]
    ended = {}
    waiting = threading.Thread(target=ends_of, args=({link.fileno(): link for link in links}, ended), daemon=True)
    waiting.start()
    time.sleep(1)
    assert not ended
    before = hub.committed()
    changing = threading.Thread(target=way, args=(True,))
    changing.start()
    waiting.join(10)
    committed = hub.committed()
    assert not waiting.is_alive() and before < committed < min(ended.values())
    times = [(kind, (ended[link.fileno()] - committed) * 1000) for kind, link in zip(kinds, links)]
    changing.join()
    for link in links:
        link.close()
    way(False)
    return times


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--hub", required=True)
    options.add_argument("--sessions", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    hub = Hub(chosen.hub, chosen.sessions)
    hub.apply(False)
    process = subprocess.Popen(hub.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while get(f"http://127.0.0.1:{hub.users}/app/demo/", "text/html") != 200:
            time.sleep(0.05)
        for name, way in (("api", hub.put), ("command line", hub.apply)):
            taken = [time for _ in range(chosen.rounds) for time in a_round(hub, way)]
            for kind in [None, *KINDS]:
                times = sorted(time for of, time in taken if kind in (None, of))
                p = lambda share: times[min(len(times) - 1, int(len(times) * share))]
                print(f"{name}, {kind or 'all'}: {len(times)} sockets, p50 {p(.5):.1f} ms, p99 {p(.99):.1f} ms, longest {times[-1]:.1f} ms", flush=True)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    main()
