"""Runs Streamlit's own command line, with patches for speed, session routing and access.

Works with any Streamlit: a patch without its target is skipped.
"""

import hmac
import importlib
import importlib.util
import os
import socket
import sys
import types
import uuid


def send_small_answers_at_once():
    """Sets TCP_NODELAY on every TCP listener; accepted connections inherit it.

    Streamlit 1.57 and later creates its listener in a way that prevents asyncio from setting the option, so
    that each small response waits for the peer's delayed acknowledgement: 40 ms on Linux.
    """
    listen = socket.socket.listen

    def listen_without_delay(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            try:
                self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                pass  # A listener of another protocol: it works without the option.
        return listen(self, *args)

    socket.socket.listen = listen_without_delay


def number_sessions():
    """Appends the run number to each session id: 74 random bits are left.

    A reconnecting browser sends its session id only. The run number in the id tells the hub which process has
    the session, also beside a newer run, and also after a restart of the hub.
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


def answer_the_hub_alone(word):
    """Rejects requests without the run's secret: every program of the machine can reach this port."""
    header = b"x-streamhub-pairing"

    def paired(app):
        async def guarded(scope, receive, send):
            if scope["type"] not in ("http", "websocket"):
                await app(scope, receive, send)
                return
            shown = [value for name, value in scope["headers"] if name == header]
            if len(shown) == 1 and hmac.compare_digest(shown[0], word):
                rest = [(name, value) for name, value in scope["headers"] if name != header]
                await app({**scope, "headers": rest}, receive, send)
            elif scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
                await send({"type": "http.response.body", "body": b""})

        return guarded

    try:
        config = importlib.import_module("uvicorn.config").Config
    except ImportError:
        return
    load = config.load

    def load_guarded(self):
        load(self)
        self.loaded_app = paired(self.loaded_app)

    config.load = load_guarded


def part(name):
    """A file beside this one, which is no folder of sys.path."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def watch(pairing):
    """Takes over new code, knows what scripts do, and tells the hub."""
    missing = []

    def hook(name, function, *arguments):
        try:
            return function(*arguments)
        except Exception as error:
            print(f"StreamHub: this Streamlit cannot be hooked: {name} ({type(error).__name__}: {error})", file=sys.stderr)
            missing.append(name)
            return None

    sources, scripts, server = part("launcher_sources"), part("launcher_scripts"), part("launcher_server")
    code = hook("code", sources.run_newest_code)
    runs = hook("scripts", scripts.watch_scripts)
    if runs is not None:
        hook("checks", scripts.keep_nothing_of_checks, runs)
        hook("checks", server.end_checks_for_people, runs)
    if pairing:
        hook("report", server.report_to_the_hub, server.reports(code, runs, missing), pairing)


def main():
    # Removed from the environment before the script runs, so that its child processes do not inherit the secret.
    pairing = os.environ.pop("STREAMHUB_PAIRING", "").encode()
    send_small_answers_at_once()
    try:
        cli = importlib.import_module("streamlit.web.cli")
    except ModuleNotFoundError as error:
        sys.exit(
            f"{type(error).__name__}: {error}. The Python of this app is {sys.executable}; "
            "install Streamlit into it, or name another interpreter."
        )
    number_sessions()
    watch(pairing)
    if pairing:
        answer_the_hub_alone(pairing)
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
