"""How is it explored in a notebook? The states and answers of the pages, as Jupyter widgets.

They work in JupyterLab, VS Code and Colab, and need the extra ``notebook``.
"""

from legwise.widgets.comparison import compare_widget
from legwise.widgets.exploring import explore
from legwise.widgets.finding import find

__all__ = ["compare_widget", "explore", "find"]
