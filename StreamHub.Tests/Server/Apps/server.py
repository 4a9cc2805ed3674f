"""An app for the tests: serves "ok" on 127.0.0.1, and misbehaves as its arguments say."""

import http.server
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time


def compute():
    while True:
        pass


port, *habits = sys.argv[1:]
print("started with", *habits, flush=True)

if "ignore-terminate" in habits:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "grandchild" in habits:
    child = subprocess.Popen(["sleep", "600"])
    daemon = subprocess.Popen(["setsid", "sh", "-c", "sleep 600 & wait"])
    print("children", child.pid, daemon.pid, flush=True)
if "slow" in habits:
    time.sleep(1.5)
if "compute" in habits:
    threading.Thread(target=compute, daemon=True).start()
if "hang" in habits:
    time.sleep(600)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if "unhealthy" in habits:
            self.send_error(404)
            return
        if self.path.endswith("/die"):
            os.abort()
        if self.path.endswith("/spin"):
            # One call into native code: no other thread of the interpreter runs until it is over, which is never.
            re.match("(a+)+b", "a" * 64)
        if self.path.endswith("/close"):
            threading.Thread(target=server.shutdown).start()
        body = f"ok {os.getpid()}".encode()
        if self.path.endswith("/environ"):
            body = json.dumps(dict(os.environ)).encode()
        if "/call?" in self.path:
            caller = [sys.executable, os.path.join(os.path.dirname(__file__), "caller.py")]
            body = subprocess.run(caller + self.path.split("?")[1].split("&"), stdout=subprocess.PIPE).stdout
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


address = "0.0.0.0" if "exposed" in habits else "127.0.0.1"
if "elsewhere" in habits:
    port = habits[-1]
if "mute" in habits:
    deaf = socket.create_server((address, int(port)))
    time.sleep(600)
if "v6" in habits:
    http.server.ThreadingHTTPServer.address_family, address = socket.AF_INET6, "::1"
server = http.server.ThreadingHTTPServer((address, int(port)), Handler)
if "tls" in habits:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(habits[-1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()

# Somebody asked for /close: it lives on, and listens no more.
server.server_close()
time.sleep(600)
