"""Measures how fast the hub decides after a crash, how fast it takes its apps back, and how long a visitor's socket is away through its restart.

    python bench/lifecycle.py --hub DIR [--apps 20] [--rounds 10]

DIR is a Release build or publish of StreamHub.Server. The apps are small Python servers. Needs nothing but Python, and Linux.
"""

import argparse
import asyncio
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

from netports import free_port, get
from revoke import connect

APP = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


class Hub:
    def __init__(self, directory, apps):
        self.executable = str(pathlib.Path(directory) / "StreamHub.Server")
        self.data = tempfile.mkdtemp(prefix="streamhub-bench-")
        self.users, self.admin, self.process = free_port(), free_port(), None
        script = pathlib.Path(self.data) / "app.py"
        script.write_text(APP)
        self.slugs = [f"app-{number}" for number in range(apps)]
        people = {"users": [{"name": "bench", "role": "admin", "addresses": ["127.0.0.1"]}],
                  "apps": [{"slug": slug, "name": slug, "runtime": "command", "command": ["python3", "-S", str(script), "{port}"]} for slug in self.slugs]
                  + [{"slug": "demo", "name": "Demo", "runtime": "demo"}]}
        file = pathlib.Path(self.data) / "people.json"
        file.write_text(json.dumps(people))
        subprocess.run(self.command("apply", str(file)), check=True, stdout=subprocess.DEVNULL)

    def command(self, *verb):
        first = 21000 + os.getpid() % 500 * 50
        return [self.executable, *verb, f"--StreamHub:DataDirectory={self.data}/data", f"--StreamHub:Listen:Users=http://127.0.0.1:{self.users}",
                f"--StreamHub:Listen:Admin=http://127.0.0.1:{self.admin}", f"--StreamHub:Apps:Ports={first}-{first + 99}", "--StreamHub:Apps:MaxRunning=40"]

    def start(self):
        self.process = subprocess.Popen(self.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def api(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/api/v1/{path}", timeout=5) as answer:
            return json.load(answer)

    def instances(self):
        return {row["slug"]: row for row in self.api("instances")}

    def until(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while True:
            try:
                rows = self.instances()
                if condition(rows):
                    return rows
            except OSError:
                pass
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.01)

    def history(self, slug):
        return self.api(f"apps/{slug}/history")["entries"]


def milliseconds(instant):
    whole, _, rest = instant.partition(".")
    return time.mktime(time.strptime(whole[:19], "%Y-%m-%dT%H:%M:%S")) * 1000 - time.timezone * 1000 + float("0." + (rest or "0").partition("+")[0].rstrip("Z")) * 1000


def show(name, values):
    print(f"{name}: median {statistics.median(values):.1f} ms, longest {max(values):.1f} ms, of {len(values)}", flush=True)


def crash(hub, slug):
    """From the death of a process to the hub's decision about it, by the hub's own clock."""
    row = hub.until(lambda rows: slug in rows and rows[slug]["status"] == "running")[slug]
    killed = time.time() * 1000
    os.kill(row["pid"], signal.SIGKILL)
    hub.until(lambda rows: any(entry["run"] is not None and entry["cause"] == "Crash" and milliseconds(entry["at"]) > killed - 50 for entry in hub.history(slug)))
    return milliseconds(next(entry for entry in hub.history(slug) if entry["cause"] == "Crash")["at"]) - killed


def adopt(hub):
    """From the start of a hub to the last of its apps taken back, and how much of that was looking."""
    before = {slug: row["pid"] for slug, row in hub.until(lambda rows: all(slug in rows and rows[slug]["status"] == "running" for slug in hub.slugs)).items()}
    hub.process.kill()
    hub.process.wait()
    started = time.time() * 1000
    hub.start()
    hub.until(lambda rows: all(slug in rows and rows[slug]["status"] == "running" for slug in hub.slugs))
    after = {slug: row["pid"] for slug, row in hub.instances().items()}
    assert all(after[slug] == before[slug] for slug in hub.slugs), "an app was started anew"
    spans = []
    for slug in hub.slugs:
        found, ready = [next(milliseconds(entry["at"]) for entry in hub.history(slug) if entry["to"] == state) for state in ("Starting", "Running")]
        spans.append((found, ready))
    return max(ready for _, ready in spans) - started, max(ready for _, ready in spans) - min(found for found, _ in spans)


async def gap(hub):
    """How long a socket through the hub is away, for a client that tries again every 50 ms, from the cut to the next open one."""
    reader, writer = await connect("127.0.0.1", hub.users, "/app/demo/live")
    hub.process.kill()
    cut = time.monotonic()
    hub.process.wait()
    hub.start()
    while True:
        try:
            _, again = await connect("127.0.0.1", hub.users, "/app/demo/live")
            break
        except (OSError, AssertionError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.05)
    away = (time.monotonic() - cut) * 1000
    writer.close()
    again.close()
    return away


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--hub", required=True)
    options.add_argument("--apps", type=int, default=20)
    options.add_argument("--rounds", type=int, default=10)
    chosen = options.parse_args()
    hub = Hub(chosen.hub, chosen.apps)
    hub.start()
    try:
        hub.until(lambda rows: True)
        for slug in [*hub.slugs, "demo"]:
            get(f"http://127.0.0.1:{hub.users}/app/{slug}/", "text/html")
        show("crash to decision", [crash(hub, hub.slugs[number % len(hub.slugs)]) for number in range(chosen.rounds)])
        adoptions = [adopt(hub) for _ in range(chosen.rounds)]
        show(f"start of the hub to {chosen.apps} apps taken back", [total for total, _ in adoptions])
        show("of that: found to ready again", [looking for _, looking in adoptions])
        show("a socket's way through a killed hub", [asyncio.run(gap(hub)) for _ in range(chosen.rounds)])
    finally:
        hub.process.send_signal(signal.SIGTERM)
        hub.process.wait()


main()
