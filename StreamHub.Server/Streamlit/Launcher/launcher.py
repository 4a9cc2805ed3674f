"""Runs Streamlit's own command line, with the hub's options (launcher_options.py) and patches for speed, session routing, access, new
code and reports to the hub.

Works with any Streamlit: a patch without its target is skipped and told.
"""

import contextvars
import dataclasses
import faulthandler
import hmac
import importlib
import importlib.util
import os
import socket
import sys
import types
import urllib.parse
import uuid


def forget_own_folder():
    """Python searches the folder of this file first; `streamlit run` does not know it, and child processes get sys.path."""
    if sys.path and os.path.realpath(sys.path[0]) == os.path.dirname(os.path.realpath(__file__)):
        del sys.path[0]


def take_variables():
    """Removes the hub's variables from the environment: processes that the script starts do not get them."""
    return {name: os.environ.pop("STREAMHUB_" + name, "") for name in ("RUN", "PAIRING", "COOKIE_SECRET")}


def write_readable_output():
    """UTF-8 whatever the locale, and the Python stack after a crash in native code."""
    if "PYTHONIOENCODING" not in os.environ:
        sys.stdout.reconfigure(encoding="utf-8")
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    faulthandler.enable()


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


def require(function, *names):
    """Refuses a version whose function does not use these attributes: those of an instance, which a patch needs later, show nowhere else."""
    unknown = sorted(set(names) - set(function.__code__.co_names))
    if unknown:
        raise AttributeError(f"{function.__qualname__} without {', '.join(unknown)}")


def number_sessions(mark):
    """Appends the run number to each session id: 74 random bits are left.

    A reconnecting browser sends its session id only. The run number in the id tells the hub which process has
    the session, also beside a newer run, and also after a restart of the hub.
    """
    sessions = importlib.import_module("streamlit.runtime.app_session")
    run = int(mark.rpartition("-")[2])
    require(sessions.AppSession.__init__, "uuid", "uuid4")

    def numbered():
        return uuid.UUID(f"{uuid.uuid4().hex[:20]}{run:012x}")

    sessions.uuid = types.SimpleNamespace(**{**vars(uuid), "uuid4": numbered})


def keep_cut_off_sessions(seconds):
    """Keeps a session whose connection broke for longer than any restart of the hub takes: its tab comes back.

    A session whose tab said goodbye (closed, left or reloaded) goes at Streamlit's own time: nobody comes back, and it holds
    memory. An author's server.disconnectedSessionTTL applies to both.
    """
    config = importlib.import_module("streamlit.config")
    runtime = importlib.import_module("streamlit.runtime.runtime").Runtime
    storage = importlib.import_module("streamlit.runtime.memory_session_storage").MemorySessionStorage
    said_goodbye = contextvars.ContextVar("said_goodbye", default=False)
    hear_goodbyes(said_goodbye)

    class Sessions(storage):
        """Those that were cut off are in a storage of their own, where each one is at first."""

        def __init__(self):
            super().__init__()
            self.cut_off = storage(ttl_seconds=seconds)

        def get(self, session_id):
            return self.cut_off.get(session_id) or super().get(session_id)

        def save(self, session_info):
            self.cut_off.save(session_info)

        def delete(self, session_id):
            (self.cut_off if self.cut_off.get(session_id) else super()).delete(session_id)

        def list(self):
            return self.cut_off.list() + super().list()

        def take_leave(self, session_id):
            session_info = self.cut_off.get(session_id)
            if session_info:
                self.cut_off.delete(session_id)
                super().save(session_info)

    require(runtime.__init__, "session_storage")
    sessions, start, disconnect, _ = Sessions(), runtime.__init__, runtime.disconnect_session, config.is_manually_set

    def start_with_sessions(self, options):
        if not config.is_manually_set("server.disconnectedSessionTTL"):
            options = dataclasses.replace(options, session_storage=sessions)
        start(self, options)

    def disconnect_session(self, session_id, *args, **kwargs):
        # While its script runs, Streamlit may have noticed the end before, and disconnected the session itself.
        disconnect(self, session_id, *args, **kwargs)
        if said_goodbye.get():
            sessions.take_leave(session_id)

    runtime.__init__, runtime.disconnect_session = start_with_sessions, disconnect_session


def hear_goodbyes(said_goodbye):
    """Sets the variable before Streamlit disconnects a session: whether its tab closed the WebSocket.

    The codes of a browser's tab that goes: RFC 6455, 7.4.1. A broken connection has 1006, or 1005 in uvicorn (connection_lost in
    protocols/websockets/websockets_sansio_impl.py), or none in Tornado.
    """
    codes = (1000, 1001)
    try:
        handler = importlib.import_module("streamlit.web.server.browser_websocket_handler").BrowserWebSocketHandler
    except ImportError:
        # Streamlit 1.57 and later.
        socket_class = importlib.import_module("starlette.websockets").WebSocket
        receive = socket_class.receive

        async def receive_and_hear(self):
            message = await receive(self)
            if message["type"] == "websocket.disconnect":
                said_goodbye.set(message.get("code") in codes)
            return message

        socket_class.receive = receive_and_hear
    else:
        close = handler.on_close

        def hear_and_close(self):
            said_goodbye.set(self.close_code in codes)
            close(self)

        handler.on_close = hear_and_close


def answer_the_hub_alone(word, wrap):
    """Rejects requests without the run's secret: every program of the machine can reach this port. Streamlit 1.57 and later."""
    importlib.import_module("streamlit.web.server.starlette")  # Before, Tornado serves.
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

    wrap(paired)


def read_user_names():
    """Decodes the name for st.user: the hub percent-encodes one that is not ASCII (StreamlitOptions.cs binds the header)."""
    runtime = importlib.import_module("streamlit.runtime.runtime").Runtime
    connect = runtime.connect_session
    if connect.__code__.co_varnames[:3] != ("self", "client", "user_info"):
        raise AttributeError("Runtime.connect_session without user_info")

    def connect_named(self, client, user_info, *args, **kwargs):
        if isinstance(user_info.get("name"), str):
            user_info = {**user_info, "name": urllib.parse.unquote(user_info["name"])}
        return connect(self, client, user_info, *args, **kwargs)

    runtime.connect_session = connect_named


def answer_own_routes():
    """Serves the routes of an st.App below the base path, where its page is.

    Streamlit prefixes its own routes with server.baseUrlPath and leaves those of the author at the root, which
    no address of the hub leads to.
    """
    app = getattr(importlib.import_module("streamlit"), "App", None)
    if app is None:
        return  # An older Streamlit has no such routes.
    require(app.__init__, "_user_routes")
    config = importlib.import_module("streamlit.config")
    match = importlib.import_module("starlette.routing").Match
    call = app.__call__

    async def call_below(self, scope, receive, send):
        routes = self._user_routes
        base = "/" + (config.get_option("server.baseUrlPath") or "").strip("/")
        if routes and scope["type"] in ("http", "websocket") and scope["path"].startswith(base + "/"):
            below = {**scope, "root_path": base}
            if any(route.matches(below)[0] is not match.NONE for route in routes):
                scope = below
        await call(self, scope, receive, send)

    app.__call__ = call_below


def part(name):
    """A file beside this one, which is no folder of sys.path."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hook_streamlit(hub):
    """Applies options and patches to Streamlit. What a version does not offer is told in the output and to the hub."""
    missing = []

    def hook(name, function, *arguments):
        try:
            return function(*arguments)
        except Exception as error:
            print(f"StreamHub cannot hook this Streamlit: {name} ({type(error).__name__}: {error})", file=sys.stderr)
            missing.append(name)
            return None

    options, sources, scripts, server = part("launcher_options"), part("launcher_sources"), part("launcher_scripts"), part("launcher_server")
    server.log_no_health_checks()
    environment = hook("environment", lambda: part("launcher_environment").Environment(importlib.import_module("streamlit.file_util").get_static_dir()))
    arguments = options.Arguments(sys.argv[1:])
    unknown = hook("options", options.forget_unknown, arguments)
    if unknown is None:
        options.hand_on_as_variables(arguments)
    else:
        unknown += hook("suggestions", options.suggest, arguments.defaults, hub["COOKIE_SECRET"]) or []
        for name in unknown:
            print(f"StreamHub: this Streamlit has no option {name}", file=sys.stderr)
        missing += unknown
    sys.argv[1:] = arguments.for_streamlit()
    if hub["RUN"]:
        hook("routing", number_sessions, hub["RUN"])
    hook("server.trustedUserHeaders", read_user_names)
    hook("routes", answer_own_routes)
    hook("resume", keep_cut_off_sessions, 900)
    code = hook("code", sources.run_newest_code, require)
    runs = hook("scripts", scripts.watch_scripts, require)
    if runs is not None:
        hook("checks", scripts.keep_nothing_of_checks, runs)
        hook("checks", server.know_checks, runs)
    if pairing := hub["PAIRING"].encode():
        # Inside of the access check, which is applied last.
        given = None if unknown is None else options.reports(arguments)
        hook("report", server.report_to_the_hub, server.reports(code, runs, given, environment, missing), pairing)
        hook("access", answer_the_hub_alone, pairing, server.wrap_application)


def main():
    forget_own_folder()
    hub = take_variables()
    write_readable_output()
    send_small_answers_at_once()
    try:
        cli = importlib.import_module("streamlit.web.cli")
    except ModuleNotFoundError as error:
        sys.exit(
            f"{type(error).__name__}: {error}. The Python of this app is {sys.executable}; "
            "install Streamlit into it, or name another interpreter."
        )
    hook_streamlit(hub)
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
