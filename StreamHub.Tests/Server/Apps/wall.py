"""An app for the tests of the wall: PORT DATA PROGRAM HUB RESULT. Tries everything, writes down what came of it, and answers from then on."""

import http.server
import json
import os
import sys

import wall_attempts

port, data, program, hub, result = sys.argv[1:]
found = wall_attempts.everything(data, program, int(hub), __file__)
with open(result + ".tmp", "w") as file:
    json.dump(found, file)
os.rename(result + ".tmp", result)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
