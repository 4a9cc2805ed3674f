"""Asks a hub as somebody who sits on its machine: caller.py HOW FROM TO PORT NAME=VALUE...

Prints the answer's status, or "closed". HOW: "plain"; "daemon" forks twice into a session of its own first; "forgetful"
asks from a child that has no environment; "fugitive" does both.
"""

import os
import socket
import subprocess
import sys

how, source, target, port, *headers = sys.argv[1:]
if how in ("forgetful", "fugitive"):
    how = "plain" if how == "forgetful" else "daemon"
    sys.exit(subprocess.run([sys.executable, __file__, how, *sys.argv[2:]], env={}).returncode)
if how == "daemon":
    out = os.dup(1)
    for _ in range(2):
        if os.fork() > 0:
            os.close(out)
            os.close(1)
            os.waitpid(-1, 0) if _ == 0 else None
            os._exit(0)
        os.setsid()

lines = ["GET / HTTP/1.1", f"Host: localhost:{port}", "Accept: text/html", *(header.replace("=", ": ") for header in headers), "", ""]
try:
    hub = socket.create_connection((target, int(port)), timeout=20, source_address=(source, 0))
    hub.sendall("\r\n".join(lines).encode())
    answer = hub.recv(64)
except ConnectionError:
    answer = b""
print(answer.split(b" ")[1].decode() if answer else "closed", flush=True)
