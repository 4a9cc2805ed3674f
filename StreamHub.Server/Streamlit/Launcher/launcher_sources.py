"""Runs the newest saved code, in place of Streamlit's own watcher, which doubles the time of a session's first run.

A thread compares the files of all loaded scripts and modules of the project twice a second: their contents, where time or size
say that they may differ. The next script run takes a change over, once it has settled and compiles.
"""

import importlib.util
import os
import sys
import sysconfig
import threading
import time
import traceback
import weakref
import zlib

INTERVAL = 0.5

# The time of a file may be this coarse (FAT, some shares): two saves within it look the same.
COARSE = 3

# Folders of packages, not of the project, wherever they lie: streamlit/watcher/folder_black_list.py excludes them, too.
PACKAGES = tuple(os.sep + name + os.sep for name in ("site-packages", "dist-packages", "node_modules"))


def stamp(path):
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ctime_ns  # Copies may have the time of their originals.


def content(path):
    """What a file contains, in short; None when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return zlib.crc32(file.read())
    except OSError:
        return None


def error_of(path, saved):
    """Why a changed file cannot be run; None for no reason. A module that is gone has no text: its import tells."""
    if saved is None:
        return None
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError) as error:
        return error
    return None


class Change:
    """Files that differ from what is loaded, and have settled."""

    def __init__(self, files):
        self.files = files
        broken = [(path, error) for path, error in ((path, error_of(path, saved)) for path, (saved, _) in files.items()) if error]
        self.file, self.error = broken[0] if broken else (max(files, key=lambda path: files[path][0] or (0, 0)), None)
        self.at = time.time()  # The file's own time may be another machine's, or that of the copied original.


class Sources:
    def __init__(self, is_watching):
        """
        :param is_watching: Whether changes are taken over; else they are only reported.
        """
        self._is_watching = is_watching
        self._lock = threading.Lock()
        self._loaded = {}  # path -> stamp and content before it was read, names of its modules
        self._read = {}  # path of a script -> the last code that compiled
        self._caches = weakref.WeakSet()
        self._watchers = weakref.WeakSet()
        self._sessions = weakref.WeakSet()  # those with a script run, by their PagesManager
        self._run = threading.local()
        self._packages = ()
        self._installed = {}  # folder of modules -> whether an installer has put packages there
        self._is_active = False
        self.change = None

    def start(self, streamlit_folder, excluded):
        """Called at each script run; the first one begins: modules that were loaded before are not the project's."""
        if self._is_active:
            return
        with self._lock:
            if self._is_active:
                return
            packages = [os.path.dirname(streamlit_folder), sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *excluded]
            if sys.prefix != sys.base_prefix:
                packages.append(sys.prefix)
            self._packages = folders(packages)
            self._is_active = True
        threading.Thread(target=self._watch, name="sources", daemon=True).start()

    def is_project(self, path, module):
        """Whether a module is not of an installed package: some of those cannot be loaded twice (numpy)."""
        normal = os.path.normcase(path)
        if normal.startswith(self._packages) or any(part in normal for part in PACKAGES):
            return False
        folder = os.path.dirname(path)
        for _ in range(module.count(".") + (os.path.basename(path) == "__init__.py")):
            folder = os.path.dirname(folder)
        if folder not in self._installed:
            self._installed[folder] = has_installed(folder)
        return not self._installed[folder]

    def note(self, path, module=None):
        """A file is about to be read. A change between this and the read is taken over once more, which does no harm."""
        if not self._is_active or not (module is None or self.is_project(path, module)):
            return
        saved, read = stamp(path), content(path)
        with self._lock:
            *_, names = self._loaded.get(path, (None, None, ()))
            self._loaded[path] = saved, read, names if module is None or module in names else (*names, module)

    def begin(self, session, is_whole):
        """At the beginning of a script run, in its thread. A fragment goes on with the code of its script."""
        change = self.change if is_whole else None
        is_open = session in self._sessions
        self._run.is_open, self._run.error = is_open, None
        if change is not None and self._is_watching():
            if change.error is None:
                self._take_over(change)
            elif not is_open:
                # As under "streamlit run", a new session sees the error; open ones go on with what they have.
                self._run.error = change.error
        if self._run.error is None:
            self._sessions.add(session)

    def code(self, get, cache, path):
        """The code of a script, of ``get(cache, path)``."""
        if getattr(self._run, "error", None) is not None:
            raise self._run.error.with_traceback(None)
        self._caches.add(cache)
        try:
            code = get(cache, path)
        except (OSError, SyntaxError, ValueError):
            if getattr(self._run, "is_open", False) and path in self._read:
                return self._read[path]
            raise
        self._read[path] = code
        return code

    def _watch(self):
        before = {}
        while True:
            time.sleep(INTERVAL)
            before = self._look(before)

    def _look(self, before):
        """A change has settled when two looks see the same."""
        with self._lock:
            loaded = dict(self._loaded)
        changed = {path: now for path, (saved, read, _) in loaded.items() if (now := self._compare(path, saved, read))}
        change = self.change
        if not changed or changed != before:
            self.change = None
        elif change is None or change.files != changed:
            self._settle(loaded, Change(changed))
        return changed

    def _compare(self, path, saved, read):
        """Stamp and content of a file that has changed; None for any other, also for one that was only touched."""
        now = stamp(path)
        if now == saved and (now is None or time.time() - now[0] / 1e9 > COARSE):
            return None
        found = content(path)
        if found != read:
            return now, found
        with self._lock:
            *seen, names = self._loaded.get(path, (None, None, ()))
            if seen == [saved, read]:
                self._loaded[path] = now, read, names
        return None

    def _settle(self, loaded, change):
        with self._lock:
            if any(self._loaded.get(path) != loaded[path] for path in change.files):
                return  # Read again meanwhile.
            self.change = change
            watchers = list(self._watchers)
        if change.error is None and self._is_watching():
            for watcher in watchers:
                watcher.tell(change.file)

    def _take_over(self, change):
        with self._lock:
            if self.change is not change or any((stamp(path), content(path)) != file for path, file in change.files.items()):
                return
            names = {name for *_, names in self._loaded.values() for name in names}
            if any(getattr(getattr(sys.modules.get(name), "__spec__", None), "_initializing", False) for name in names):
                return  # Another session imports one of them at this moment: the next run takes it over.
            self.change = None
            self._loaded.clear()
            for path in change.files:
                drop_bytecode(path)
            forget(names)
            for cache in list(self._caches):
                cache.clear()

    def report(self):
        change = self.change
        is_current = change is None or (change.error is None and self._is_watching())
        return {
            "changed": None if is_current else change.at,
            "file": None if is_current else change.file,
            "error": None if is_current or change.error is None else line(change.error),
        }

    def watcher(self):
        return Watcher(self)

    def add(self, watcher):
        with self._lock:
            self._watchers.add(watcher)

    def remove(self, watcher):
        with self._lock:
            self._watchers.discard(watcher)


def has_installed(folder):
    """Whether pip has put packages into a folder, as with --target."""
    try:
        return any(name.endswith(".dist-info") for name in os.listdir(folder))
    except OSError:
        return False


def folders(paths):
    return tuple(os.path.join(os.path.normcase(os.path.abspath(path)), "") for path in paths if path)


def line(error):
    """An exception in one line."""
    return (traceback.format_exception_only(type(error), error)[-1].strip().splitlines() or [""])[-1]


def forget(names):
    """Unloads all modules of the project, as Streamlit does: which ones use the changed one is unknown."""
    children = tuple(name + "." for name in names)
    for name in [name for name in list(sys.modules) if name in names or name.startswith(children)]:
        module = sys.modules.pop(name)
        parent, _, child = name.rpartition(".")

        # A package that stays would still offer its old module to "from package import module".
        if getattr(sys.modules.get(parent), child, None) is module:
            delattr(sys.modules[parent], child)
    importlib.invalidate_caches()


def drop_bytecode(path):
    """Python takes its cached bytecode for current when the source has the same size and second: importlib._bootstrap_external."""
    try:
        os.remove(importlib.util.cache_from_source(path))
    except (OSError, NotImplementedError):
        pass  # There is none.


class Watcher:
    """Stands in for streamlit.watcher.LocalSourcesWatcher: tells a session about changes, as for its "Rerun" button and ``runOnSave``."""

    def __init__(self, sources):
        self._sources = sources
        self._callbacks = []
        sources.add(self)

    def register_file_change_callback(self, callback):
        self._callbacks.append(callback)

    def close(self):
        self._sources.remove(self)
        self._callbacks = []

    def tell(self, path):
        for callback in list(self._callbacks):
            callback(path)

    def __getattr__(self, name):
        # What else a version of Streamlit calls concerns its own way to watch.
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


def run_newest_code(require):
    """Hooks the import of modules, the reading of scripts, and the beginning of script runs."""
    config = importlib.import_module("streamlit.config")
    runner = importlib.import_module("streamlit.runtime.scriptrunner.script_runner").ScriptRunner
    cache = importlib.import_module("streamlit.runtime.scriptrunner.script_cache")
    session = importlib.import_module("streamlit.runtime.app_session")
    streamlit_folder = os.path.dirname(importlib.import_module("streamlit").__file__)
    loader = importlib.import_module("importlib.machinery").SourceFileLoader

    def option(name):
        try:
            return config.get_option(name)
        except RuntimeError:
            return None  # Another version's.

    require(runner.__init__, "_pages_manager")
    sources = Sources(lambda: option("server.fileWatcherType") != "none")
    run_script, get_bytecode, open_file = runner._run_script, cache.ScriptCache.get_bytecode, cache.open_python_file
    path_stats, own_watcher = loader.path_stats, session.LocalSourcesWatcher

    def run(self, rerun_data, *arguments, **more):
        sources.start(streamlit_folder, option("server.folderWatchBlacklist") or ())
        sources.begin(self._pages_manager, is_whole=not getattr(rerun_data, "fragment_id_queue", None))
        return run_script(self, rerun_data, *arguments, **more)

    def stats(self, path):
        # The import system asks for it before it reads a module's source.
        sources.note(path, self.name)
        return path_stats(self, path)

    def open_noted(path, *arguments, **more):
        sources.note(os.path.abspath(path))
        return open_file(path, *arguments, **more)

    def watcher(*arguments, **more):
        # Further folders that the author has watched are Streamlit's matter.
        return own_watcher(*arguments, **more) if option("server.folderWatchList") else sources.watcher()

    runner._run_script = run
    loader.path_stats = stats
    cache.open_python_file = open_noted
    cache.ScriptCache.get_bytecode = lambda self, path, *arguments, **more: sources.code(
        lambda *own: get_bytecode(*own, *arguments, **more), self, os.path.abspath(path)
    )
    session.LocalSourcesWatcher = watcher
    return sources
