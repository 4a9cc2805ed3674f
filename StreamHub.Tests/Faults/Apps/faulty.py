"""An app for the fault schedules: faulty.py PORT FOLDER SLUG

It keeps sessions in its memory, as Streamlit does: a WebSocket names its session by its third subprotocol; one that this
process does not know gets a new one, whose id ends with the number of the run. Every message counts.

FOLDER holds files that change it, read at each start: SLUG.habit ("exit CODE", "hang", "daemon") and SLUG.version.
What it is told while it runs is the end of the path: see act().
"""

import asyncio
import base64
import hashlib
import json
import os
import signal
import struct
import sys
import time
import uuid

port, folder, slug = sys.argv[1:]
run = int(os.environ["STREAMHUB_RUN"].split("-")[1])
sessions = {}
blocked = asyncio.Event()


def setting(name):
    try:
        with open(os.path.join(folder, f"{slug}.{name}"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def daemon():
    """Leaves a process that descends from nobody, leads its own session and has no environment."""
    middle = os.fork()
    if middle == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.execve("/bin/sleep", ["sleep", "120"], {})
        os._exit(0)
    os.waitpid(middle, 0)


def bomb():
    """Two hundred processes, each in a session of its own, without an environment."""
    if os.fork() == 0:
        os.setsid()
        fugitive = os.path.join(os.path.dirname(__file__), "..", "..", "Server", "Apps", "fugitive.py")
        os.execve(sys.executable, [sys.executable, fugitive, "bomb", "1"], {})


def shout(seconds):
    """Prints as fast as it can; returns how many bytes."""
    chunk, printed, end = (b"x" * 99 + b"\n") * 1000, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        printed += os.write(1, chunk)
    os.write(1, b"the end\n")
    return printed


habit = setting("habit").split()
version = setting("version")
print("started", slug, "run", run, "version", version, flush=True)
if habit[:1] == ["exit"]:
    print("ValueError: told to exit", flush=True)
    sys.exit(int(habit[1]))
if habit[:1] == ["daemon"]:
    daemon()
if habit[:1] == ["hang"]:
    time.sleep(120)
me = {"slug": slug, "pid": os.getpid(), "run": run, "version": version}


async def act(path):
    name, _, argument = path.rstrip("/").rpartition("/")[2].partition("?")
    if name == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if name == "daemon":
        daemon()
    if name == "bomb":
        bomb()
    if name == "block":
        blocked.set()
    if name == "shout":
        return me | {"printed": await asyncio.to_thread(shout, float(argument))}
    return me


def frame(text):
    data = text.encode()
    return bytes([0x81]) + (bytes([len(data)]) if len(data) < 126 else struct.pack(">BH", 126, len(data))) + data


async def message(reader):
    """The next text of a client; None at the end."""
    while True:
        first, second = await reader.readexactly(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", await reader.readexactly(2))
        mask = await reader.readexactly(4)
        data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(await reader.readexactly(length)))
        if first & 0x0F == 8:
            return None
        if first & 0x0F == 1:
            return data.decode()


async def talk(reader, writer, headers):
    accept = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
    asked = [word.strip() for word in headers.get("sec-websocket-protocol", "").split(",")]
    chosen = f"Sec-WebSocket-Protocol: {asked[0]}\r\n" if asked[0] else ""
    writer.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{chosen}\r\n".encode())
    session = asked[2] if len(asked) > 2 and asked[2] in sessions else f"{str(uuid.uuid4())[:24]}{run:012x}"
    sessions.setdefault(session, 0)
    writer.write(frame(json.dumps(me | {"session": session, "count": sessions[session]})))
    while await message(reader) is not None:
        if blocked.is_set():
            await asyncio.sleep(120)
        sessions[session] += 1
        print("session", session, sessions[session], flush=True)
        writer.write(frame(json.dumps(me | {"session": session, "count": sessions[session]})))
        await writer.drain()


async def serve(reader, writer):
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        if headers.get("upgrade", "").lower() == "websocket":
            await talk(reader, writer, headers)
        else:
            body = json.dumps(await act(lines[0].split(" ")[1])).encode()
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(port))
    await server.serve_forever()


asyncio.run(main())
