"""A web app of a few pages, under any prefix: pages.py PORT PREFIX."""

import http.server
import os
import sys
import threading
from urllib.parse import urlsplit

PORT, PREFIX = int(sys.argv[1]), sys.argv[2]
DEAD = os.environ.get("DEAD", "")
HEADS = {
    "/": "<title>First</title>",
    "/second": "<title>Second</title><link rel='shortcut icon' href='icon.svg'>",
    "/third": "<title>Third</title><link rel=icon href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\">",
    "/loaded": "<title>\N{COMPASS} Loaded</title><script>history.replaceState(null, '', 'loaded?by=script')</script>",
    "/form": "<title>Form</title>",
    "/slow": "<title>Slow</title><script>setTimeout(() => history.pushState(null, '', 'moved'), 100)</script>",
}
BODY = """
<a href="second?q=9">second</a> <a href="%s/third">third</a> <a href="#part">part</a> <a href="slow">slow</a> <a href="login">log in</a>
<a href="loaded">loaded</a> <a href="third" target="_top">top</a> <a href="second" target="_parent">parent</a> <a href="third" target="_blank">tab</a>
<a href="second#:~:text=Part">text</a>
<a href="/">home of the hub</a> <a href="/app/%s/">another app</a>
<button onclick="location.href = '/app/%s/third'">go</button>
<button onclick="window.open('third')">open</button>
<button onclick="top.location = 'third'">take</button>
<button onclick="history.pushState(null, '', 'pushed?x=1')">push</button>
<button onclick="history.replaceState(null, '', 'replaced')">replace</button>
<button onclick="location.hash = 'more'">fragment</button>
<button onclick="fetch('die')">die</button>
<button onclick="document.title = 'Renamed'">rename</button>
<button onclick="document.querySelector('link').href = 'other.svg'">repaint</button>
<form method="post" action="form"><button>send</button></form>
<form method="post" action="posted"><button>post</button></form>
<form method="post" action="login"><button>post and log in</button></form>
<h2 id="part">Part</h2>
""" % (PREFIX, *[os.environ.get("OTHER", "")] * 2)


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path.removeprefix(PREFIX)
        if path == "/login":
            self.go(os.environ["LOGIN"])
        elif path == "/die":
            open(DEAD, "w").close()
            os._exit(3)
        elif path == "/never":
            threading.Event().wait()
        elif path in HEADS:
            # The picture of the slow page never comes.
            picture = "<img src='never'>" if path == "/slow" else ""
            self.say(f"<!DOCTYPE html>{HEADS[path]}<h1>{path}</h1><p>Asked: {urlsplit(self.path).query}</p>{BODY}{picture}")
        else:
            self.send_error(404)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/form"):
            self.say(f"<!DOCTYPE html>{HEADS['/form']}<h1>Sent</h1>{BODY}")
            return
        self.go(os.environ["LOGIN"] if self.path.endswith("/login") else PREFIX + "/second?posted")

    def go(self, address):
        self.send_response(303)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def say(self, page):
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


if DEAD and os.path.exists(DEAD):
    raise ValueError("no such luck")
http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Pages).serve_forever()
