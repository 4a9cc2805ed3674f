"""Notices that the Python environment of the app is another one than at its start: upgraded, rebuilt, moved, removed, or switched by a link."""

import hashlib
import os
import sys
import threading
import time

INTERVAL = 1

RECORDS = (".dist-info", ".egg-info", ".egg-link", ".pth")


def stamp(path):
    """Without the time of its entry: uv links the same files into several environments."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def hash_of(path):
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def records(folder):
    """What pip and others write about each package: it is new after every install, and no program writes there while it runs."""
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(RECORDS)}
    except OSError:
        return None


class Environment:
    """By the interpreter, the environment's own file, Streamlit, and the packages on the path."""

    def __init__(self, static):
        page = os.path.join(static, "index.html")
        self.page = hash_of(page)
        files = (page, os.path.join(os.path.dirname(static), "__init__.py"), os.path.join(sys.prefix, "pyvenv.cfg"), os.path.realpath(sys.executable))
        folders = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
        self._files = {path: stamp(path) for path in files}
        self._folders = {path: (stamp(path), records(path)) for path in folders}
        self.changed = None  # When a difference was seen first; None when there is none, or none any more.
        threading.Thread(target=self._watch, name="environment", daemon=True).start()

    def _watch(self):
        while True:
            time.sleep(INTERVAL)
            self.changed = (self.changed or time.time()) if self._differs() else None

    def _differs(self):
        return any(stamp(path) != old for path, old in self._files.items()) or any(
            stamp(path) != seen and records(path) != old for path, (seen, old) in self._folders.items()
        )
