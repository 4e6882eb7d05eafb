"""What the pages of the app share.

Every page imports this first, and this imports every module of it: the first visitors of a new
server come at once, each in a thread, and Python cannot untangle threads that import parts of one
library from several ends. What few pages need is imported by the function that needs it, so that
the server starts sooner: plotly.express, xlsxwriter, nbformat, rapidfuzz and charset-normalizer.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
