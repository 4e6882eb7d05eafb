"""The app as a server: ``streamlit run serve.py`` serves the pages with what is in ``server/``.

``streamlit run app.py`` serves the same pages without it.
"""

import streamlit as st

from server import MIDDLEWARE, ROUTES
from server.start import start
from ui.steps import fail

start()
app = st.App("app.py", routes=ROUTES, middleware=MIDDLEWARE, on_script_error=fail)
