"""Writes down what a script, and each kind of process that it starts, observes of its start: observed.json in the working directory."""

import json
import multiprocessing
import os
import subprocess
import sys

import helper


def run(*words, **options):
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, **options)
    return json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr}


def spawn():
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        return workers.apply(helper.seen)


def fork():
    """Not by multiprocessing: a lock that another thread holds at the fork stays held in the child."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(helper.seen()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        seen = json.load(told)
    os.waitpid(child, 0)
    return seen


def read(secrets, name):
    try:
        return secrets[name]
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def observe():
    # Not by the processes of the pool, for which the file secrets.py beside this one would shadow a module.
    import streamlit as st
    from streamlit import config

    here = os.path.dirname(os.path.abspath(__file__))
    user = getattr(st, "user", None) or getattr(st, "experimental_user", {})
    yield "options", {name: st.get_option(name) for name in config._config_options}
    yield "headers", dict(st.context.headers)
    yield "user", dict(user)
    yield "context", {"cookies": dict(st.context.cookies), **{name: str(getattr(st.context, name, None)) for name in ("ip_address", "is_embedded", "locale", "timezone", "url")}}
    yield "secrets", {name: read(st.secrets, name) for name in ("word", "of_home", "of_both", "of_nobody")}
    yield "state", {"first": st.session_state.setdefault("first", helper.VERSION), "now": helper.VERSION}
    yield "script", helper.seen()
    if not os.path.exists("brief"):
        yield "subprocess", run(os.path.join(here, "worker.py"))
        yield "python -m", run("-m", "helper", cwd=here)
        yield "python -c", run("-c", "import helper; helper.tell()", cwd=here)
        yield "spawn", spawn()
        yield "fork", fork()


if __name__ == "__main__":
    with open("observed.new", "w") as file:
        json.dump(dict(observe()), file, default=str)
    os.replace("observed.new", "observed.json")
