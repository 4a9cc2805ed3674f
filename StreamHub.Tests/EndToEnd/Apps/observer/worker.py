"""A process that needs a module beside it."""

import helper

helper.tell()
