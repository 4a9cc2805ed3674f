"""An app for the tests: holds so many MiB of memory and forks seven processes that share them; /own gives each one its own copy."""

import http.server
import os
import sys

port, mebibytes = sys.argv[1:]
held = bytearray(int(mebibytes) << 20)


def write():
    """Each page once: it is taken, or copied if other processes have it, too."""
    for at in range(0, len(held), 4096):
        held[at] = 1


write()
told, asked = os.pipe()
for _ in range(7):
    if os.fork() == 0:
        os.close(asked)
        if os.read(told, 1):
            write()
        os.read(told, 1)
        os._exit(0)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith("/own"):
            os.write(asked, b"ownown!")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


http.server.HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
