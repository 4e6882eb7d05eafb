"""The app as a server: ``streamlit run serve.py`` serves the pages with what is in ``server/``.

``streamlit run app.py`` serves the same pages without it.
"""

import gc

# What is loaded here stays: to look for garbage in it takes a tenth of the start.
gc.disable()

import streamlit as st  # noqa: E402 (the line above is for these)

from server import MIDDLEWARE, ROUTES  # noqa: E402
from server.start import start  # noqa: E402
from ui.steps import fail  # noqa: E402

gc.freeze()  # nor is it looked through once the tables are read
start()
gc.enable()
app = st.App("app.py", routes=ROUTES, middleware=MIDDLEWARE, on_script_error=fail)
