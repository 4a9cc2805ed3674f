"""Knows the script runs of an app: which ones are under way and send nothing, which ones failed, and which ones are the hub's."""

import collections
import contextlib
import contextvars
import importlib
import sys
import threading
import time
import traceback

COUNTED = 20
LONGEST = 300

# The mark of a visit that opens a session and runs nothing of the author's in it (StreamlitVisit.cs).
SESSION = "session"
NOTHING = compile("", "<visit of the hub>", "exec")


class Run:
    """A script run."""

    def __init__(self, runner, check):
        self.runner = runner
        self.is_check = check is not None
        self.is_empty = check == SESSION
        self.started = self.sent = time.monotonic()
        self.has_failed = False


class Scripts:
    def __init__(self):
        self._lock = threading.Lock()
        self._running = {}
        self._sessions = {}  # those of the hub's visits, with their marks
        self._own = threading.local()
        self._outcomes = collections.deque(maxlen=COUNTED)
        self._failures = 0
        self._error = None
        self._check = contextvars.ContextVar("check", default=None)

    @contextlib.contextmanager
    def checking(self, mark):
        """Sessions that are opened within belong to a visit of the hub with this mark; None for a person's."""
        token = self._check.set(mark)
        try:
            yield
        finally:
            self._check.reset(token)

    def open(self, session):
        if self._check.get() is not None:
            self._sessions[session] = self._check.get()

    def close(self, session):
        """Whether the session was the hub's."""
        return self._sessions.pop(session, None) is not None

    def run(self, runner, go):
        own = Run(runner, self._sessions.get(runner._session_id))
        with self._lock:
            self._running[runner] = own
        self._own.run = own
        try:
            go()
        finally:
            with self._lock:
                self._running.pop(runner, None)
                if not own.is_check:
                    self._outcomes.append(own.has_failed)

    def send(self, runner):
        run = self._running.get(runner)
        if run is not None:
            run.sent = time.monotonic()

    def is_empty(self):
        return getattr(getattr(self._own, "run", None), "is_empty", False)

    def is_executing(self):
        return getattr(getattr(getattr(self._own, "run", None), "runner", None), "_execing", False)

    def fail(self, error):
        """An uncaught exception of a script; those of the hub's visits do not count, because they have no user."""
        run = getattr(self._own, "run", None)
        if run is not None and run.is_check:
            return
        if run is not None:
            run.has_failed = True
        text = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()
        with self._lock:
            self._failures += 1
            self._error = (text[-1] if text else type(error).__name__)[:LONGEST], time.time()

    def report(self):
        now = time.monotonic()
        with self._lock:
            people = [run for run in self._running.values() if not run.is_check]
            outcomes, failures, error = list(self._outcomes), self._failures, self._error
        silent = min(people, key=lambda run: run.sent, default=None)
        return {
            "running": len(people),
            "silent": silent and {"runs": round(now - silent.started, 1), "sends": round(now - silent.sent, 1)},
            "failures": failures,
            "failed": sum(outcomes),
            "of": len(outcomes),
            "error": error and {"text": error[0], "at": error[1]},
        }


def replace_everywhere(module, name, wrap):
    """Replaces a function that other modules of Streamlit have imported by name."""
    original = getattr(module, name)
    replacement = wrap(original)
    for other in [other for key, other in list(sys.modules.items()) if key.startswith("streamlit") and other is not None]:
        if other.__dict__.get(name) is original:
            setattr(other, name, replacement)


def watch_scripts(require):
    scripts = Scripts()
    runner = importlib.import_module("streamlit.runtime.scriptrunner.script_runner").ScriptRunner
    cache = importlib.import_module("streamlit.runtime.scriptrunner.script_cache").ScriptCache
    errors = importlib.import_module("streamlit.error_util")
    require(runner.__init__, "_session_id")
    run_script, enqueue, get_bytecode = runner._run_script, runner._enqueue_forward_msg, cache.get_bytecode

    def send(self, *arguments, **more):
        scripts.send(self)
        return enqueue(self, *arguments, **more)

    def counted(original):
        def handle(error, *arguments, **more):
            scripts.fail(error)
            return original(error, *arguments, **more)

        return handle

    def compiled(self, *arguments, **more):
        if scripts.is_empty():
            return NOTHING
        try:
            return get_bytecode(self, *arguments, **more)
        except Exception as error:
            # That of a page, which the main script runs, is uncaught in the main script, too.
            if not scripts.is_executing():
                scripts.fail(error)
            raise

    # Each is called once for an exception; older versions have the second one only.
    name = next(name for name in ("_log_uncaught_app_exception", "handle_uncaught_app_exception") if hasattr(errors, name))
    replace_everywhere(errors, name, counted)
    runner._run_script = lambda self, *arguments, **more: scripts.run(self, lambda: run_script(self, *arguments, **more))
    runner._enqueue_forward_msg = send
    cache.get_bytecode = compiled
    return scripts


def keep_nothing_of_checks(scripts):
    """Closes the session of a hub's visit at its end; Streamlit would keep it for its return."""
    runtime = importlib.import_module("streamlit.runtime.runtime").Runtime
    connect, disconnect, _ = runtime.connect_session, runtime.disconnect_session, runtime.close_session

    def connect_session(self, *arguments, **more):
        session = connect(self, *arguments, **more)
        scripts.open(session)
        return session

    def disconnect_session(self, session_id, *arguments, **more):
        if scripts.close(session_id):
            self.close_session(session_id)
        else:
            disconnect(self, session_id, *arguments, **more)

    runtime.connect_session = connect_session
    runtime.disconnect_session = disconnect_session
