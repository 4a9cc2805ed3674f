"""Stands in for Streamlit: answers its health path and runs a script for each session, which does what the script's text says at that moment."""

import base64
import hashlib
import http.server
import os
import sys
import time

sys.modules["streamlit.web"] = sys.modules["streamlit.web.cli"] = sys.modules[__name__]

# RFC 6455, 1.3.
KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

# ForwardMsg { script_finished: FINISHED_SUCCESSFULLY }, in a binary frame.
FINISHED = b"\x82\x02\x30\x00"

# ForwardMsg { delta { new_element {} } }.
SENT = b"\x82\x04\x2a\x02\x1a\x00"


def main(prog_name):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if not self.path.endswith("/_stcore/stream"):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
                return
            with open(sys.argv[2]) as script:
                habit = script.read()
            if self.headers["X-StreamHub-Check"]:
                print("visited by the hub", flush=True)
            if "refuses" in habit:
                self.send_error(403)
                return
            accept = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + KEY).encode()).digest()
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
            self.send_header("Sec-WebSocket-Protocol", "streamlit")
            self.end_headers()
            self.close_connection = True
            self.rfile.read(1)
            if "hangs up" in habit:
                return
            if "for ever" not in habit:
                self.wfile.write(FINISHED)
            while "sends" in habit:
                self.wfile.write(SENT)
                time.sleep(0.05)
            while self.rfile.read(1):
                pass

        def log_message(self, *arguments):
            pass

    address = ("127.0.0.1", int(os.environ["STREAMLIT_SERVER_PORT"]))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()
