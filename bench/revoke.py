"""Measures how long a revoked visitor's open sockets live on.

    python bench/revoke.py --hub DIR [--sessions 200] [--rounds 5]

DIR is a Release build or publish of StreamHub.Server. Every session has an address of its own (127.1.0.1 ...): half are open in the demo
app, half on /hubs/live. A round disables their user in one commit and takes the time from the commit (the last write to SQLite's
log) until each socket has ended. Needs nothing but Python.
"""

import argparse
import asyncio
import base64
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.request

from netports import free_port, get


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
            f"http://127.0.0.1:{self.admin}/api/v1/users/{user['name']}", json.dumps(user).encode(), {"Content-Type": "application/json"}, method="PUT")
        urllib.request.urlopen(request).close()

    def committed(self):
        return os.stat(f"{self.data}/data/hub.db-wal").st_mtime_ns / 1e9


async def connect(source, port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    writer.write((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    return reader, writer


async def until_end(reader):
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass
    return time.time()


async def a_round(hub, way):
    half = len(hub.addresses) // 2
    links = [await connect(address, hub.users, "/app/demo/live") for address in hub.addresses[:half]]
    links += [await connect(address, hub.admin, "/hubs/live") for address in hub.addresses[half:]]
    ends = [asyncio.create_task(until_end(reader)) for reader, _ in links]
    await asyncio.sleep(1)
    assert not any(end.done() for end in ends)
    before = hub.committed()
    await asyncio.to_thread(way, True)
    ended = await asyncio.wait_for(asyncio.gather(*ends), 10)
    committed = hub.committed()
    assert before < committed < min(ended)
    for _, writer in links:
        writer.close()
    await asyncio.to_thread(way, False)
    return [(end - committed) * 1000 for end in ended]


async def main():
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
            times = sorted([taken for _ in range(chosen.rounds) for taken in await a_round(hub, way)])
            p = lambda share: times[min(len(times) - 1, int(len(times) * share))]
            print(f"{name}: {len(times)} sockets, p50 {p(.5):.1f} ms, p99 {p(.99):.1f} ms, longest {times[-1]:.1f} ms", flush=True)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    asyncio.run(main())
