"""What the hub and the app tell each other by HTTP: reports to the hub, and visits of the hub.

Starlette serves in Streamlit 1.57 and later, Tornado before.
"""

import hmac
import importlib
import json
import logging

PAIRING = "X-StreamHub-Pairing"
REPORT = "X-StreamHub-Report"
HEALTH = "_stcore/health"

# The hub marks its visits with this header, which scripts can read in st.context.headers.
CHECK = "X-StreamHub-Check"


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


def log_no_health_checks():
    """Keeps the hub's health checks, one every two seconds, out of the log of requests, which a change of config.toml turns on: streamlit/logger.py."""
    for name in ("uvicorn.access", "tornado.access"):
        logging.getLogger(name).addFilter(lambda record: HEALTH not in record.getMessage())


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


def know_checks(scripts):
    """Tells sessions of the hub's visits from those of people."""
    if is_starlette():
        wrap_application(lambda app: marked(app, scripts))
        return
    handler = importlib.import_module("streamlit.web.server.browser_websocket_handler").BrowserWebSocketHandler
    open_session = handler.open

    def open_marked(self, *arguments, **more):
        with scripts.checking(self.request.headers.get(CHECK)):
            return open_session(self, *arguments, **more)

    handler.open = open_marked


def marked(app, scripts):
    async def within(scope, receive, send):
        if scope["type"] != "websocket":
            await app(scope, receive, send)
            return
        with scripts.checking(next((value.decode("latin-1") for name, value in scope["headers"] if name == CHECK.lower().encode()), None)):
            await app(scope, receive, send)

    return within
