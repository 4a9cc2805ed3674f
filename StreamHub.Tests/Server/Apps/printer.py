"""An app that prints: printer.py PORT. GET /print?MEGABYTES prints so much as fast as it can, then one last line, and answers."""

import http.server
import os
import sys

LINE = b"x" * 99 + b"\n"
CHUNK = LINE * 1000


def write(text):
    while text:
        text = text[os.write(1, text):]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"ok"
        if "/print?" in self.path:
            for _ in range(int(self.path.split("?")[1]) * 10):
                write(CHUNK)
            write(b"the end\n")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
