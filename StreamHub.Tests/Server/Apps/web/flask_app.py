from flask import Flask, redirect, request, session, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.secret_key = "of the test"
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)


@app.get("/")
def home():
    session["visits"] = session.get("visits", 0) + 1
    return f'<link rel="stylesheet" href="{url_for("style")}">visits {session["visits"]} of {request.headers.get("X-StreamHub-User")}'


@app.get("/style.css")
def style():
    return "body { color: navy; }", {"Content-Type": "text/css"}


@app.get("/old")
def old():
    return redirect(url_for("home"))
