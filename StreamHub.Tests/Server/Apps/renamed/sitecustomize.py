"""Makes a Streamlit of another version: identifiers in it, and in the server that it uses, have the other names that RENAMED gives them (old=new ...)."""

import importlib.machinery
import os
import re

NAMES = dict(pair.split("=") for pair in os.environ["RENAMED"].split())
ANY = re.compile(rf"\b({'|'.join(NAMES)})\b")
get_code = importlib.machinery.SourceFileLoader.get_code


def renamed(self, module):
    if module.partition(".")[0] in ("streamlit", "uvicorn"):
        path = self.get_filename(module)
        source = self.get_data(path).decode()
        if ANY.search(source):
            return compile(ANY.sub(lambda name: NAMES[name[0]], source), path, "exec")
    return get_code(self, module)


importlib.machinery.SourceFileLoader.get_code = renamed
