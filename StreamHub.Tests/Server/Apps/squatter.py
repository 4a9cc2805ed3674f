"""An app for the tests that takes another one's port: GET .../take?PORT waits for it to be free, GET .../taken tells what came there."""

import http.server
import json
import sys
import threading
import time

taken = {"bound": False, "requests": []}


class Recorder(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        taken["requests"].append(f"{self.path} {self.headers.get('X-StreamHub-User')}")
        answer(self, b"stolen")

    def log_message(self, *arguments):
        pass


class Taker(http.server.ThreadingHTTPServer):
    allow_reuse_address = True


def answer(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def take(port):
    while True:
        try:
            server = Taker(("127.0.0.1", port), Recorder)
        except OSError:
            time.sleep(0.0002)
            continue
        taken["bound"] = True
        server.serve_forever()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if "/take?" in self.path:
            threading.Thread(target=take, args=(int(self.path.split("?")[1]),), daemon=True).start()
        answer(self, json.dumps(taken).encode())

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
