"""What a process observes of its start."""

import json
import os
import sys

VERSION = 1


def seen():
    return {
        "environ": dict(os.environ),
        "sys.path": sys.path,
        "sys.argv": sys.argv,
        "sys.flags": {name: getattr(sys.flags, name) for name in dir(sys.flags) if name[0] != "_" and not name.startswith("n_") and name not in ("count", "index")},
        "sys.executable": sys.executable,
        "cwd": os.getcwd(),
    }


def tell():
    print(json.dumps(seen()))


if __name__ == "__main__":
    tell()
