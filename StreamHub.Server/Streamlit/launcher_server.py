"""What the hub and the app tell each other by HTTP: reports to the hub, and visits of the hub, which end when a person's script runs.

Starlette serves in Streamlit 1.57 and later, Tornado before.
"""

import asyncio
import hmac
import importlib
import json

PAIRING = "X-StreamHub-Pairing"
REPORT = "X-StreamHub-Report"
HEALTH = "_stcore/health"

# The hub marks its visits with this header, which scripts can read in st.context.headers.
CHECK = "X-StreamHub-Check"

# The hub comes back: https://www.iana.org/assignments/websocket, 1013 Try Again Later.
LATER = 1013


class Check:
    """A visit of the hub that is under way."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self.on_end = None

    def end(self):
        try:
            self._loop.call_soon_threadsafe(self.on_end)
        except RuntimeError:
            pass  # The server has stopped, and the visit with it.


def reports(sources, scripts, options, environment, missing):
    """A function that returns what the launcher knows as one line of ASCII."""
    streamlit = importlib.import_module("streamlit")

    def write():
        report = {"folder": streamlit.__path__[0], "version": streamlit.__version__, "missing": missing}
        if environment is not None:
            report.update(page=environment.page, environment=environment.changed)
        if options is not None:
            report["options"] = options()
        if sources is not None:
            report["code"] = sources.report()
        if scripts is not None:
            report["scripts"] = scripts.report()
        return json.dumps(report, separators=(",", ":"))

    return write


def is_starlette():
    try:
        importlib.import_module("streamlit.web.server.starlette")
        return True
    except ImportError:
        return False


def wrap_application(wrap):
    """Puts an ASGI application around Streamlit's."""
    config = importlib.import_module("uvicorn.config").Config
    load = config.load
    if "loaded_app" not in load.__code__.co_names:
        raise AttributeError("Config.load without loaded_app")

    def load_wrapped(self):
        load(self)
        self.loaded_app = wrap(self.loaded_app)

    config.load = load_wrapped


def report_to_the_hub(write, word):
    """Adds a report to the answers to the hub's own health checks. With Starlette requests of others do not get here."""

    def reporting(app):
        async def answer(scope, receive, send):
            if scope["type"] != "http" or not scope["path"].endswith(HEALTH):
                await app(scope, receive, send)
                return

            async def send_report(message):
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [*message["headers"], (REPORT.lower().encode(), write().encode())]}
                await send(message)

            await app(scope, receive, send_report)

        return answer

    if is_starlette():
        wrap_application(reporting)
        return
    handler = importlib.import_module("streamlit.web.server.routes").HealthHandler
    get = handler.get

    async def get_reporting(self):
        if hmac.compare_digest(self.request.headers.get(PAIRING, "").encode(), word):
            self.set_header(REPORT, write())
        await get(self)

    handler.get = get_reporting


def end_checks_for_people(scripts):
    """Ends the connection of a hub's visit as soon as a person's script runs, and refuses it while one does."""
    if is_starlette():
        wrap_application(lambda app: interruptible(app, scripts))
        return
    handler = importlib.import_module("streamlit.web.server.browser_websocket_handler").BrowserWebSocketHandler
    open_session, on_close = handler.open, handler.on_close

    def open_check(self, *arguments, **more):
        if CHECK not in self.request.headers:
            return open_session(self, *arguments, **more)
        self.check = Check()
        self.check.on_end = lambda: self.close(LATER)
        if not scripts.begin_check(self.check):
            self.close(LATER)
            return None
        with scripts.checking():
            return open_session(self, *arguments, **more)

    def close(self):
        scripts.end_check(getattr(self, "check", None))
        on_close(self)

    handler.open, handler.on_close = open_check, close


def interruptible(app, scripts):
    async def guarded(scope, receive, send):
        if scope["type"] != "websocket" or not any(name == CHECK.lower().encode() for name, _ in scope["headers"]):
            await app(scope, receive, send)
            return
        is_accepted = False

        async def send_noted(message):
            nonlocal is_accepted
            is_accepted |= message["type"] == "websocket.accept"
            await send(message)

        async def visit_later():
            if not is_accepted:
                await send({"type": "websocket.accept", "subprotocol": "streamlit"})
            await send({"type": "websocket.close", "code": LATER})

        check = Check()
        with scripts.checking():
            visit = asyncio.ensure_future(app(scope, receive, send_noted))
        check.on_end = visit.cancel
        if not scripts.begin_check(check):
            visit.cancel()
        try:
            await asyncio.wait([visit])
        finally:
            scripts.end_check(check)
            visit.cancel()
        if visit.cancelled():
            await visit_later()
        else:
            visit.result()

    return guarded
