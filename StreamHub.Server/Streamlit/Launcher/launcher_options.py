"""The hub's options of Streamlit: defaults, which config.toml and variables override, and others, which nothing overrides."""

import importlib
import json
import os
import re


class Arguments:
    """[OPTION=VALUE ...] run SCRIPT [--OPTION=VALUE ...] [-- ARGUMENT ...]: defaults stand before "run", the others behind the script."""

    def __init__(self, words):
        run, end = words.index("run"), words.index("--") if "--" in words else len(words)
        self.defaults = dict(word.split("=", 1) for word in words[:run])
        self.required = dict(word[2:].split("=", 1) for word in words[run + 2:end])
        self._script, self._more = words[run:run + 2], words[end:]

    def for_streamlit(self):
        return [*self._script, *(f"--{name}={value}" for name, value in self.required.items()), *self._more]


def template():
    """Streamlit's options with their defaults. It is copied at each reading of config.toml."""
    return importlib.import_module("streamlit.config")._config_options_template


def forget_unknown(arguments):
    """Keeps the required options that this Streamlit knows: it refuses others. Returns the names of the others.

    Streamlit applies its arguments at each reading of config.toml, so they hold after a change of the file, too.
    """
    unknown = [name for name in arguments.required if name not in template()]
    for name in unknown:
        del arguments.required[name]
    return unknown


def suggest(defaults, cookie_secret):
    """Makes the hub's defaults Streamlit's own. Returns the names of those that it does not know."""
    known = template()
    values = {**{name: value_of(text) for name, text in defaults.items()}, "server.cookieSecret": cookie_secret}
    for name in values.keys() & known.keys():
        known[name].set_value(values[name], known[name].where_defined)
    return [name for name in values if name not in known]


def hand_on_as_variables(arguments):
    """For a Streamlit that is built otherwise: its command line reads variables in any version.

    They reach the processes that the script starts, and override config.toml.
    """
    for name, value in arguments.defaults.items():
        os.environ.setdefault(variable_of(name), value)
    os.environ.update({variable_of(name): value for name, value in arguments.required.items()})
    arguments.required = {}


def value_of(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def variable_of(option):
    return "STREAMLIT_" + re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", option).replace(".", "_").upper()


def reports(arguments):
    """A function that tells what something other than the hub has set; with values of what concerns the hub alone."""
    shown = {*arguments.defaults, "server.disconnectedSessionTTL"}

    def tell():
        options = importlib.import_module("streamlit.config")._config_options or {}
        given = [option for option in options.values() if option.where_defined != "<default>" and option.key not in arguments.required]
        return [
            {"name": option.key, "from": option.where_defined, **({"value": text_of(option.value)} if option.key in shown else {})}
            for option in given[:50]
        ]

    def report():
        try:
            return tell()
        except Exception:
            return []  # The options are read anew at this moment: the next report has them.

    return report


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value, default=str)
