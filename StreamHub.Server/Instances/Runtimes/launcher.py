"""Runs Streamlit's own command line, after mending what costs every visitor time.

Works with any Streamlit: it changes nothing that it does not find.
"""

import importlib
import os
import socket
import sys
import types
import uuid


def send_small_answers_at_once():
    """Sets TCP_NODELAY on every TCP listener; accepted connections inherit it.

    Streamlit 1.57 and later creates its listener in a way that keeps asyncio from setting the option, so
    that each small answer waits for the other side's delayed acknowledgement: 40 ms on Linux.
    """
    listen = socket.socket.listen

    def listen_without_delay(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            try:
                self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                pass  # A listener of another protocol; it works as it did.
        return listen(self, *args)

    socket.socket.listen = listen_without_delay


def number_sessions():
    """Ends the id of each session with the number of its run: 74 random bits are left.

    A browser that reconnects tells its session's id, and nothing else about where it was. With the number in it
    the hub finds the one process that knows the session, also beside a newer one, and also after its own restart.
    """
    run = os.environ.get("STREAMHUB_RUN", "").rpartition("-")[2]
    try:
        sessions = importlib.import_module("streamlit.runtime.app_session")
    except ImportError:
        return
    if not run.isdigit() or not hasattr(sessions, "uuid"):
        return

    def numbered():
        return uuid.UUID(f"{uuid.uuid4().hex[:20]}{int(run):012x}")

    sessions.uuid = types.SimpleNamespace(**{**vars(uuid), "uuid4": numbered})


def main():
    send_small_answers_at_once()
    try:
        cli = importlib.import_module("streamlit.web.cli")
    except ModuleNotFoundError as error:
        sys.exit(
            f"{type(error).__name__}: {error}. The Python of this app is {sys.executable}; "
            "install Streamlit into it, or name another interpreter."
        )
    number_sessions()
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
