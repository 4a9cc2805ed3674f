"""An app for the tests that goes to its neighbours: GET .../reach?PORT by every way, .../scan?FIRST-LAST, .../touch?PID; .../came tells who came here."""

import ctypes
import glob
import http.server
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile

AF_SMC, IPPROTO_SMC, IPPROTO_MPTCP, MSG_FASTOPEN = 43, 256, 262, 0x20000000
REQUEST = b"GET /stolen HTTP/1.0\r\n\r\n"
came = []


def heard(s):
    """A connection that is closed without an answer has reached nobody."""
    answer = s.recv(4)
    if not answer:
        raise ConnectionError
    return answer


def connect(port, family=socket.AF_INET, protocol=0):
    with socket.socket(family, socket.SOCK_STREAM, protocol) as s:
        s.connect(("127.0.0.1", port))
        s.sendall(REQUEST)
        return heard(s)


def smc(port):
    """By ctypes: Python knows no address of that family."""
    libc = ctypes.CDLL(None, use_errno=True)
    s = libc.socket(AF_SMC, socket.SOCK_STREAM, 0)
    address = socket.AF_INET.to_bytes(2, sys.byteorder) + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    if s < 0 or libc.connect(s, address, len(address)) < 0:
        raise OSError(ctypes.get_errno(), "smc")
    with socket.socket(fileno=s) as made:
        made.sendall(REQUEST)
        return heard(made)


def first_packet(port, send):
    with socket.socket() as s:
        send(s, ("127.0.0.1", port))
        return heard(s)


def mapped(port):
    with socket.socket(socket.AF_INET6) as s:
        s.connect(("::ffff:127.0.0.1", port))
        s.sendall(REQUEST)
        return heard(s)


def child(port):
    code = f"import socket; s = socket.create_connection(('127.0.0.1', {port})); s.sendall({REQUEST!r}); print(s.recv(4).decode(), end='')"
    ended = subprocess.run([sys.executable, "-c", code], env={}, start_new_session=True, capture_output=True)
    if ended.returncode:
        raise OSError(1, "child")
    return ended.stdout


def io_uring(port):
    """A ring is what it takes to ask for a socket, and for all else, without a call of its own."""
    parameters = ctypes.create_string_buffer(120)
    ring = ctypes.CDLL(None, use_errno=True).syscall(425, 4, parameters)
    if ring < 0:
        raise OSError(ctypes.get_errno(), "io_uring")
    os.close(ring)


def bind(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.2", port))
        s.listen()


WAYS = {
    "tcp": connect,
    "mapped": mapped,
    "mptcp": lambda port: connect(port, protocol=IPPROTO_MPTCP),
    "smc": smc,
    "smc of internet": lambda port: connect(port, protocol=IPPROTO_SMC),
    "sendto": lambda port: first_packet(port, lambda s, to: s.sendto(REQUEST, MSG_FASTOPEN, to)),
    "sendmsg": lambda port: first_packet(port, lambda s, to: s.sendmsg([REQUEST], [], MSG_FASTOPEN, to)),
    "child": child,
    "io_uring": io_uring,
    "bind": bind,
}


def told(attempt, *arguments):
    try:
        attempt(*arguments)
        return "done"
    except OSError as error:
        return type(error).__name__


def lead(pid):
    """By the port through which .NET lets its process be looked into: whoever gets there is let in."""
    for path in glob.glob(os.path.join(tempfile.gettempdir(), f"dotnet-diagnostic-{pid}-*")) or [""]:
        with socket.socket(socket.AF_UNIX) as s:
            return told(s.connect, path)


def touch(pid):
    return {
        "signal": told(os.kill, pid, 0),
        "stop": told(os.kill, pid, signal.SIGCONT),
        "environment": told(lambda: open(f"/proc/{pid}/environ", "rb").read()),
        "memory": told(lambda: open(f"/proc/{pid}/maps", "rb").read()),
        "limit": told(resource.prlimit, pid, resource.RLIMIT_CORE) if pid != os.getpid() else "done",
        "lead": lead(pid),
        "files": told(lambda: os.readlink(f"/proc/{pid}/fd/0")),
    }


def scan(first, last):
    return [port for port in range(first, last + 1) if told(connect, port) == "done"]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path, _, value = self.path.partition("?")
        if path.endswith("/reach"):
            answer = {name: told(way, int(value)) for name, way in WAYS.items()}
        elif path.endswith("/scan"):
            answer = scan(*map(int, value.split("-")))
        elif path.endswith("/touch"):
            answer = touch(int(value))
        elif path.endswith("/whose"):
            answer = "hub" if self.headers.get_all("X-StreamHub-Pairing") == [os.environ["STREAMHUB_PAIRING"]] else "nobody"
        elif path.endswith("/came"):
            answer = came
        else:
            came.append(self.path)
            answer = {}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        # Takes data with the first packet, as far as the system does.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        super().server_bind()


# As any account: with root's capabilities it would read the environment of everybody. capset(2), version 3, nothing.
ctypes.CDLL(None).capset(struct.pack("II", 0x20080522, 0), bytes(24))
Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
