"""Runs Streamlit's own command line, after mending what costs every visitor time.

Works with any Streamlit: it touches the standard library only, and nothing that is missing.
"""

import importlib
import socket
import sys


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


def main():
    send_small_answers_at_once()
    try:
        cli = importlib.import_module("streamlit.web.cli")
    except ModuleNotFoundError as error:
        sys.exit(
            f"{type(error).__name__}: {error}. The Python of this app is {sys.executable}; "
            "install Streamlit into it, or name another interpreter."
        )
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
