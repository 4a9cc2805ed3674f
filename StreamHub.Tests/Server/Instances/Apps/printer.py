"""An app that prints: printer.py PORT. GET /print?SECONDS prints as fast as it can, but 100 MB a second at most, then one last
line, and answers with JSON: how many bytes, and the longest that one of the writes took, in seconds.
"""

import http.server
import json
import os
import sys
import time

RATE = 100_000_000
LINE = b"x" * 99 + b"\n"
CHUNK = LINE * 1000


def write(text):
    while text:
        text = text[os.write(1, text):]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"ok"
        if "/print?" in self.path:
            body = json.dumps(self.print_for(float(self.path.split("?")[1]))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def print_for(self, seconds):
        start, printed, longest = time.monotonic(), 0, 0.0
        while (now := time.monotonic()) < start + seconds:
            if printed > RATE * (now - start):
                time.sleep(0.001)
                continue
            write(CHUNK)
            longest = max(longest, time.monotonic() - now)
            printed += len(CHUNK)
        write(b"the end\n")
        return {"printed": printed, "longest": longest}

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
