"""What a run tries on the hub's folders, and what it needs for itself. Each attempt tells "done", or the error that it met."""

import ctypes
import multiprocessing
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import zipfile

LIBC = ctypes.CDLL(None, use_errno=True)
MS_BIND, CLONE_NEWNS, CLONE_NEWUSER = 4096, 0x20000, 0x10000000


def told(attempt):
    try:
        return "done" if attempt() is not False else "nothing"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def called(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def read(path):
    with open(path, "rb") as file:
        file.read(1)


def write(path, mode="r+b"):
    with open(path, mode):
        pass


def sql(path):
    with sqlite3.connect(path, timeout=1) as db:
        db.execute("CREATE TABLE stolen (x)")


def bind_socket(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)


def by_link(path):
    os.symlink(path, "link-to-the-hub")
    try:
        read("link-to-the-hub")
    finally:
        os.unlink("link-to-the-hub")


def from_inside(folder, name):
    before = os.getcwd()
    os.chdir(folder)
    try:
        read(name)
    finally:
        os.chdir(before)


def any_of(hub):
    """Its open files: root may list their numbers."""
    return any(told(lambda number=number: read(f"/proc/{hub}/fd/{number}")) == "done" for number in os.listdir(f"/proc/{hub}/fd/"))


def child(*argv):
    subprocess.run(argv, check=True, capture_output=True, start_new_session=True, env={"PATH": os.environ["PATH"], "TMPDIR": tempfile.gettempdir()})


def in_child(call, *arguments):
    """Whatever the attempt does to its process stays there; and a fork of a process with threads may hang."""
    child(sys.executable, "-c", f"import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r}); import wall_attempts; wall_attempts.{call}(*{arguments!r})")


def bound(folder, name, flags=0):
    if flags:
        called(LIBC.unshare(flags))
    target = tempfile.mkdtemp()
    called(LIBC.mount(folder.encode(), target.encode(), None, MS_BIND, None))
    read(os.path.join(target, name))


def several():
    with multiprocessing.Pool(2) as pool:
        assert pool.map(abs, [-1, -2]) == [1, 2]


def by_handle(path):
    """name_to_handle_at(2), open_by_handle_at(2): for who may pass over the rights of folders."""
    handle = ctypes.create_string_buffer(136)
    ctypes.c_uint32.from_buffer(handle).value = 128
    mount = ctypes.c_int()
    called(LIBC.name_to_handle_at(-100, path.encode(), handle, ctypes.byref(mount), 0))
    root = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        os.close(called(LIBC.open_by_handle_at(root, handle, os.O_RDONLY)))
    finally:
        os.close(root)


def on_data(data, hub, mark):
    run = f"{data}/runs/{int(mark.rpartition('-')[2]):06}"
    db, own = f"{data}/hub.db", os.path.abspath("own")
    write(own, "wb")
    return {
        "list": told(lambda: os.listdir(data)),
        "walk": told(lambda: next(os.walk(data), False)),
        "list above": told(lambda: os.listdir(os.path.dirname(data))),
        "read": told(lambda: read(db)),
        "read the key": told(lambda: read(f"{data}/app-key")),
        "sql": told(lambda: sql(db)),
        "write": told(lambda: write(db)),
        "append": told(lambda: write(db, "ab")),
        "truncate": told(lambda: os.truncate(db, 0)),
        "truncate at opening": told(lambda: write(db, "wb")),
        "log of sql": told(lambda: write(f"{db}-wal")),
        "memory of sql": told(lambda: write(f"{db}-shm")),
        "create": told(lambda: write(f"{data}/new", "wb")),
        "create in a folder": told(lambda: write(f"{data}/runs/new", "wb")),
        "mkdir": told(lambda: os.mkdir(f"{data}/new-folder")),
        "rmdir": told(lambda: os.rmdir(f"{data}/keys")),
        "remove the database": told(lambda: os.unlink(db)),
        "rename within": told(lambda: os.rename(db, f"{data}/other.db")),
        "rename out": told(lambda: os.rename(db, own + "2")),
        "rename in": told(lambda: os.rename(own, f"{data}/hub-id")),
        "rename the directory": told(lambda: os.rename(data, data + "2")),
        "link out": told(lambda: os.link(db, own + "3")),
        "link in": told(lambda: os.link(own, f"{data}/linked")),
        "symlink": told(lambda: os.symlink(own, f"{data}/symlinked")),
        "fifo": told(lambda: os.mkfifo(f"{data}/fifo")),
        "node": told(lambda: os.mknod(f"{data}/node", stat.S_IFREG | 0o600)),
        "socket": told(lambda: bind_socket(f"{data}/s")),
        "record": told(lambda: read(f"{run}/run.json")),
        "write the record": told(lambda: write(f"{run}/run.json")),
        "read the log": told(lambda: read(f"{run}/output.log")),
        "write the log": told(lambda: write(f"{run}/output.log", "ab")),
        "truncate the log": told(lambda: write(f"{run}/output.log", "wb")),
        "log by descriptor": told(lambda: write("/proc/self/fd/1")),
        "log of another": told(lambda: os.listdir(f"{data}/runs/000001/")),
        "/proc/self/root": told(lambda: read(f"/proc/self/root{db}")),
        "/proc/self/cwd": told(lambda: read(f"/proc/self/cwd/{os.path.relpath(db)}")),
        "relative": told(lambda: read(os.path.relpath(db))),
        "from inside": told(lambda: from_inside(data, "hub.db")),
        "by a link": told(lambda: by_link(db)),
        "by a link to the directory": told(lambda: by_link(data + "/hub.db")),
        "root of the hub": told(lambda: read(f"/proc/{hub}/root{db}")),
        "folder of the hub": told(lambda: os.listdir(f"/proc/{hub}/cwd/")),
        "files of the hub": told(lambda: any_of(hub)),
        "child": told(lambda: child("cat", db)),
        "shell": told(lambda: child("sh", "-c", f"echo x >> {db}")),
        "mount": told(lambda: in_child("bound", data, "hub.db")),
        "mount of its own": told(lambda: in_child("bound", data, "hub.db", CLONE_NEWNS)),
        "mount as a user of its own": told(lambda: in_child("bound", data, "hub.db", CLONE_NEWNS | CLONE_NEWUSER)),
        "handle": told(lambda: by_handle(db)),
    }


def on_program(program):
    launcher = f"{program}/Streamlit/Launcher/launcher.py"
    return {
        "write": told(lambda: write(launcher, "ab")),
        "create": told(lambda: write(f"{program}/new.dll", "wb")),
        "create beside the launcher": told(lambda: write(f"{program}/Streamlit/streamlit.py", "wb")),
        "mkdir": told(lambda: os.mkdir(f"{program}/new")),
        "symlink": told(lambda: os.symlink("/tmp", f"{program}/link")),
        "rename the folder": told(lambda: os.rename(program, program + "2")),
        "settings": told(lambda: write(f"{program}/appsettings.json")),
        "child": told(lambda: child("sh", "-c", f"echo '#' >> {launcher}")),
        "/proc/self/root": told(lambda: write(f"/proc/self/root{launcher}", "ab")),
    }


def on_names(data):
    """What Landlock does not know: nothing of what a file holds."""
    db = f"{data}/hub.db"
    return {
        "stat": told(lambda: os.stat(db)),
        "chmod": told(lambda: os.chmod(db, 0o600)),
        "chown": told(lambda: os.chown(db, os.getuid(), -1)),
        "utime": told(lambda: os.utime(db)),
        "chdir": told(lambda: in_child("os.chdir", data)),
    }


def saved(folder):
    made = os.path.join(folder, "made", "deep")
    os.makedirs(made)
    with open(os.path.join(made, "x.tmp"), "w") as file:
        file.write("x")
    os.replace(os.path.join(made, "x.tmp"), os.path.join(folder, "made", "x"))
    os.rename(os.path.join(folder, "made"), os.path.join(folder, "made2"))
    os.truncate(os.path.join(folder, "made2", "x"), 0)
    listed = os.listdir(os.path.join(folder, "made2"))
    shutil.rmtree(os.path.join(folder, "made2"))
    assert sorted(listed) == ["deep", "x"]


def database(folder):
    path = os.path.join(folder, "own.db")
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (x)")
    db.close()
    os.unlink(path)


def git(folder):
    at = os.path.join(folder, "repository")
    child("git", "init", "-q", at)
    child("git", "-C", at, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--allow-empty", "-m", "x")
    shutil.rmtree(at)


def pip():
    wheel = os.path.join(tempfile.mkdtemp(), "wall_probe-1-py3-none-any.whl")
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("wall_probe.py", "")
        file.writestr("wall_probe-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: wall-probe\nVersion: 1\n")
        file.writestr("wall_probe-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("wall_probe-1.dist-info/RECORD", "")
    arguments = ["install", "--quiet", "--no-index", "--break-system-packages", "--force-reinstall", wheel]
    subprocess.run([sys.executable, "-m", "pip", *arguments, *([] if sys.prefix != sys.base_prefix else ["--user"])], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "pip", "uninstall", "--quiet", "--yes", "--break-system-packages", "wall_probe"], check=True, capture_output=True)


def shared():
    from multiprocessing import shared_memory

    memory = shared_memory.SharedMemory(create=True, size=16)
    memory.close()
    memory.unlink()


def said():
    """To the descriptor, as print does: the log may not be opened anew."""
    child_of_shell = subprocess.run(["sh", "-c", "echo a line by the shell >&2"], check=True)
    return child_of_shell.returncode == 0


def for_itself(script, program):
    home = os.environ["HOME"]
    return {
        "script folder": told(lambda: saved(os.path.dirname(script))) if not script.startswith(program) else "done",
        "working directory": told(lambda: saved(os.getcwd())),
        "home": told(lambda: saved(home)),
        "cache": told(lambda: saved(os.path.join(home, ".cache")) if os.path.isdir(os.path.join(home, ".cache")) else os.makedirs(os.path.join(home, ".cache"))),
        "temporary directory": told(lambda: saved(tempfile.gettempdir())),
        "from home to work": told(lambda: (write(os.path.join(home, "moved"), "wb"), os.rename(os.path.join(home, "moved"), "moved"), os.unlink("moved"))),
        "temporary file": told(lambda: tempfile.NamedTemporaryFile().close()),
        "database": told(lambda: database(os.getcwd())),
        "shared memory": told(shared),
        "processes": told(lambda: in_child("several")),
        "output": told(said),
        "/dev": told(lambda: (write("/dev/null"), read("/dev/urandom"))),
        "/proc": told(lambda: (read("/proc/self/status"), os.listdir("/proc/self/fd"))),
        "/etc": told(lambda: read("/etc/hosts")),
        "git": told(lambda: git(os.getcwd())) if shutil.which("git") else "done",
        "pip": told(pip) if shutil.which("pip") or shutil.which("pip3") else "done",
        "read the program": told(lambda: read(f"{program}/Streamlit/Launcher/launcher.py")),
    }


def mark():
    """The run's mark, with which the process was started: a Streamlit script does not have it in os.environ any more."""
    with open("/proc/self/environ") as environ:
        return next(variable.split("=", 1)[1] for variable in environ.read().split("\0") if variable.startswith("STREAMHUB_RUN="))


def everything(data, program, hub, script):
    return {
        "data": on_data(data, hub, mark()),
        "program": on_program(program),
        "names": on_names(data),
        "own": for_itself(os.path.abspath(script), program),
        "uid": os.getuid(),
    }
