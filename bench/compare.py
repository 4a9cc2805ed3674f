"""Measures the hub beside its peers, in one run on one machine, and prints each figure with its ratio.

    python bench/compare.py --hub DIR --python VENV/bin/python [--chromium PATH] [--forwarder DIR] [--only cold,rerun,page,rps,memory]

DIR is a Release build or publish of StreamHub.Server (and of bench/BareForwarder); the Python has Streamlit. Stock and hub take turns,
so that a busy moment of the machine hits both. wrk and nginx are used where they are installed.
"""

import argparse
import asyncio
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import websockets
from netports import free_port, get
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

APP = """
import streamlit as st
st.title("Hello")
x = st.slider("x", 0, 100, 5)
st.write("value", x)
"""


def median(values):
    return statistics.median(values)


def show(name, unit, **figures):
    first = next(iter(figures.values()))
    parts = [f"{peer} {value:.1f} {unit}" + ("" if value is first else f" (x{value / first:.2f})") for peer, value in figures.items()]
    print(f"{name}: " + ", ".join(parts), flush=True)


def wait_until_healthy(base, seconds=60):
    end = time.monotonic() + seconds
    while get(base + "/_stcore/health") != 200:
        if time.monotonic() > end:
            raise TimeoutError(base)
        time.sleep(0.005)


class Stock:
    """`streamlit run` by hand."""

    def __init__(self, python, script):
        self.python, self.script, self.port, self.process = python, script, free_port(), None
        self.base = f"http://127.0.0.1:{self.port}"

    def begin(self):
        self.process = subprocess.Popen(
            [self.python, "-m", "streamlit", "run", self.script, "--server.port", str(self.port), "--server.address", "127.0.0.1",
             "--server.headless", "true", "--browser.gatherUsageStats", "false"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Hub:
    """The hub, with the same script registered as `bench` and a static file behind nginx as `small`."""

    def __init__(self, directory, python, script, nginx):
        self.directory, self.data = pathlib.Path(directory), tempfile.mkdtemp(prefix="streamhub-bench-")
        self.users, self.admin = free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.users}/app/bench"
        apps = [{"slug": "bench", "name": "Bench", "runtime": "streamlit", "script": script, "python": python}]
        if nginx:
            apps.append({"slug": "small", "name": "Small", "runtime": "command", "command": nginx, "health": "/"})
        self.file = os.path.join(self.data, "hub.json")
        with open(self.file, "w") as file:
            json.dump({"users": [{"name": "bench", "role": "admin", "addresses": ["127.0.0.1"]}], "apps": apps}, file)

    def command(self, *verb):
        executable = self.directory / "StreamHub.Server"
        options = [f"--StreamHub:DataDirectory={self.data}/data", f"--StreamHub:Listen:Users=http://127.0.0.1:{self.users}",
                   f"--StreamHub:Listen:Admin=http://127.0.0.1:{self.admin}", "--StreamHub:Apps:StopGrace=3s",
                   # One client makes all the requests here.
                   "--StreamHub:Limits:RequestsPerSecond=1000000", "--StreamHub:Limits:RequestBurst=1000000"]
        return [str(executable), *verb, *options]

    def start(self):
        subprocess.run(self.command("apply", self.file), check=True, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        self.process = subprocess.Popen(self.command("run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while get(f"http://127.0.0.1:{self.users}/", "text/html") != 200:
            time.sleep(0.005)
        return time.monotonic() - began

    def act(self, action):
        request = urllib.request.Request(f"http://127.0.0.1:{self.admin}/api/v1/apps/bench/{action}", headers={"Origin": f"http://127.0.0.1:{self.admin}"}, method="POST")
        urllib.request.urlopen(request, timeout=20).read()

    def begin(self):
        # As a visit does, but it also beats the hold that the last stop left.
        self.act("start")

    def end(self):
        self.act("stop")
        while self.status() != "held":
            time.sleep(0.05)

    def status(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/api/v1/instances", timeout=5) as answer:
            rows = json.load(answer)
        return next(row["status"].lower() for row in rows if row["slug"] == "bench")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.data)


async def first_result(base):
    """Opens a session and returns it with the moment its first script run finished."""
    url = base.replace("http", "ws", 1) + "/_stcore/stream"
    session = await websockets.connect(url, subprotocols=["streamlit", "x"], origin=re.match(r"https?://[^/]+", base).group(0), max_size=None)
    message = BackMsg()
    message.rerun_script.query_string = ""
    await session.send(message.SerializeToString())
    await finished(session)
    return session


async def finished(session):
    while True:
        message = ForwardMsg()
        message.ParseFromString(await session.recv())
        if message.WhichOneof("type") == "script_finished":
            return


async def reruns(base, count, pause):
    session = await first_result(base)
    times = []
    for _ in range(count):
        await asyncio.sleep(pause)
        began = time.monotonic()
        message = BackMsg()
        message.rerun_script.query_string = ""
        await session.send(message.SerializeToString())
        await finished(session)
        times.append((time.monotonic() - began) * 1000)
    await session.close()
    return times


def cold(side):
    began = time.monotonic()
    side.begin()
    wait_until_healthy(side.base)

    async def once():
        session = await first_result(side.base)
        took = (time.monotonic() - began) * 1000
        await session.close()
        return took

    return asyncio.run(once())


class Chromium:
    def __init__(self, path):
        self.profile, self.port = tempfile.mkdtemp(prefix="streamhub-chromium-"), free_port()
        self.process = subprocess.Popen(
            [path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--remote-debugging-port={self.port}", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while get(f"http://127.0.0.1:{self.port}/json/version") != 200:
            time.sleep(0.02)

    async def load(self, url):
        """Loads a page with an empty cache; returns milliseconds until the app's text shows, and bytes received."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/list") as answer:
            target = next(page for page in json.load(answer) if page["type"] == "page")["webSocketDebuggerUrl"]
        async with websockets.connect(target, max_size=None) as page:
            ids, received, pending = 0, 0, {}

            async def call(method, **params):
                nonlocal ids, received
                ids += 1
                await page.send(json.dumps({"id": ids, "method": method, "params": params}))
                while True:
                    event = json.loads(await page.recv())
                    if event.get("method") == "Network.loadingFinished":
                        received += event["params"]["encodedDataLength"]
                    if event.get("id") == ids:
                        return event.get("result", {})

            await call("Network.enable")
            await call("Page.navigate", url="about:blank")
            await call("Network.clearBrowserCache")
            received = 0
            began = time.monotonic()
            await call("Page.navigate", url=url)
            probe = "!!document.querySelector('[data-testid=stSlider]')"
            while not (await call("Runtime.evaluate", expression=probe)).get("result", {}).get("value"):
                await asyncio.sleep(0.01)
            took = (time.monotonic() - began) * 1000
            await asyncio.sleep(0.5)
            await call("Runtime.evaluate", expression="0")
            return took, received

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def requests_per_second(url):
    out = subprocess.run(["wrk", "-t2", "-c32", "-d4s", "--latency", url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def nginx_config(folder, port, target=None):
    body = f"location / {{ proxy_pass {target}; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host; }}" if target \
        else 'location / { default_type text/plain; return 200 "twenty-two bytes here\\n"; }'
    upstream = ""
    if target:
        upstream = f"upstream app {{ server {target.removeprefix('http://')}; keepalive 64; }}"
        body = body.replace(target, "http://app")
    file = os.path.join(folder, f"nginx-{port}.conf")
    with open(file, "w") as out:
        out.write(f"daemon off; master_process off; pid {folder}/nginx-{port}.pid; error_log /dev/null;\n"
                  f"events {{ worker_connections 1024; }} http {{ access_log off; keepalive_requests 1000000; {upstream} "
                  f"client_body_temp_path {folder}/b{port}; proxy_temp_path {folder}/p{port}; fastcgi_temp_path {folder}/f{port}; "
                  f"uwsgi_temp_path {folder}/u{port}; scgi_temp_path {folder}/s{port}; "
                  f"server {{ listen 127.0.0.1:{port}; {body} }} }}\n")
    return file


def rps(hub, folder, forwarder, small_port):
    target = f"http://127.0.0.1:{small_port}"
    through_hub = f"http://127.0.0.1:{hub.users}/app/small/"
    while get(through_hub, "text/html") != 200:
        time.sleep(0.05)
    nginx_port, bare_port = free_port(), free_port()
    peers = [subprocess.Popen(["nginx", "-c", nginx_config(folder, nginx_port, target)], stderr=subprocess.DEVNULL)]
    urls = {"nginx": f"http://127.0.0.1:{nginx_port}/app/small/", "hub": through_hub}
    if forwarder:
        peers.append(subprocess.Popen([os.path.join(forwarder, "BareForwarder"), str(bare_port), target]))
        urls["forwarder"] = f"http://127.0.0.1:{bare_port}/app/small/"
    for url in urls.values():
        while get(url, "text/html") != 200:
            time.sleep(0.02)
    figures = {peer: [] for peer in urls}
    for _ in range(3):
        for peer, url in urls.items():
            figures[peer].append(requests_per_second(url))
    for peer in peers:
        peer.terminate()
        peer.wait()
    show("requests per second, 22 B, c=32", "/s", **{peer: median(values) for peer, values in figures.items()})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hub", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--forwarder")
    parser.add_argument("--only", default="cold,rerun,page,rps,memory")
    options = parser.parse_args()
    only = options.only.split(",")
    folder = tempfile.mkdtemp(prefix="streamhub-bench-app-")
    script = os.path.join(folder, "app.py")
    pathlib.Path(script).write_text(APP)
    small_port = "{port}"
    nginx = None
    if shutil.which("nginx") and shutil.which("wrk"):
        template = nginx_config(folder, 0)
        nginx = ["sh", "-c", f"sed s/127.0.0.1:0/127.0.0.1:{{port}}/ {template} > {folder}/small.conf && echo {{port}} > {folder}/small.port && exec nginx -c {folder}/small.conf"]
    hub, stock = Hub(options.hub, options.python, script, nginx), Stock(options.python, script)
    ready = hub.start()
    try:
        print(f"hub: process start to first page {ready * 1000:.0f} ms")
        if "memory" in only:
            time.sleep(5)
            print(f"hub: resident, idle, no visitor: {resident(hub.process.pid):.0f} MiB")
        if "cold" in only:
            figures = {"stock": [], "hub": []}
            for _ in range(7):
                for name, side in (("stock", stock), ("hub", hub)):
                    figures[name].append(cold(side))
                    side.end()
            show("cold visit to first script result, median of 7", "ms", **{name: median(times) for name, times in figures.items()})
        stock.begin()
        hub.act("start")
        for side in (stock, hub):
            wait_until_healthy(side.base)
        if "rerun" in only:
            for label, pause in (("rerun 150 ms apart, p50 of 60", 0.15), ("rerun back to back, p50 of 60", 0)):
                show(label, "ms", stock=median(asyncio.run(reruns(stock.base, 60, pause))), hub=median(asyncio.run(reruns(hub.base, 60, pause))))
        if "page" in only and options.chromium:
            figures = {"stock": [], "hub": []}
            for _ in range(7):
                for name, side in (("stock", stock), ("hub", hub)):
                    browser = Chromium(options.chromium)
                    figures[name].append(asyncio.run(browser.load(side.base + "/")))
                    browser.close()
            show("first page load, empty cache, median of 7", "ms", **{name: median([took for took, _ in loads]) for name, loads in figures.items()})
            show("first page load, received", "KB", **{name: median([size / 1000 for _, size in loads]) for name, loads in figures.items()})
        if "rps" in only and nginx:
            while get(f"http://127.0.0.1:{hub.users}/app/small/", "text/html") != 200:
                time.sleep(0.05)
            small_port = int(pathlib.Path(folder, "small.port").read_text())
            rps(hub, folder, options.forwarder, small_port)
        stock.end()
    finally:
        hub.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
