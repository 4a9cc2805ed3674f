"""An app whose processes run away: fugitive.py PORT PIPE HABIT

Each process of it holds the named pipe open and writes one byte into it; a reader sees its end when the last is gone.
Whatever runs away has a session of its own and no environment. Nothing here lives longer than LIFE seconds.
"""

import http.server
import os
import signal
import sys
import time

LIFE = 120
BOMB = 200


def note():
    os.write(pipe, b"x")


def sleep():
    """Becomes a program that keeps the pipe and has no environment."""
    os.execve("/bin/sleep", ["sleep", str(LIFE)], {})


def daemon(wait):
    """Forks twice, with a session for each; the one between ends at once, or when it is released."""
    released, release = os.pipe()
    middle = os.fork()
    if middle == 0:
        os.setsid()
        os.close(release)
        if os.fork() == 0:
            os.setsid()
            note()
            sleep()
        if wait:
            os.read(released, 1)
        os._exit(0)

    def let_go():
        os.close(release)
        os.waitpid(middle, 0)

    return let_go


def bomb(count):
    """Becomes a tree of so many processes."""
    note()
    while count > 1:
        half = count // 2
        if os.fork() == 0:
            os.setsid()
            note()
            count = half
        else:
            count -= half
    time.sleep(LIFE)


def comet():
    """Has a successor and ends, all the time: nobody who looks ever meets the one that was seen."""
    note()
    end = time.monotonic() + LIFE
    while time.monotonic() < end:
        if os.fork() > 0:
            os._exit(0)
        os.setsid()


if sys.argv[1] in ("bomb", "comet"):
    pipe = int(sys.argv[2])
    bomb(BOMB) if sys.argv[1] == "bomb" else comet()
    os._exit(0)

port, path, habit = sys.argv[1:]
pipe = os.open(path, os.O_WRONLY)
os.set_inheritable(pipe, True)
print(open("/proc/self/cgroup").read(), flush=True)
let_go = None
if habit == "ignore-terminate":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if habit == "fork" and os.fork() == 0:
    note()
    sleep()
if habit == "daemon":
    daemon(wait=False)()
if habit == "wait":
    let_go = daemon(wait=True)
note()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith("/release"):
            let_go()
        if self.path.endswith("/run-away") and os.fork() == 0:
            os.setsid()
            os.execve(sys.executable, [sys.executable, __file__, habit, str(pipe)], {})
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
