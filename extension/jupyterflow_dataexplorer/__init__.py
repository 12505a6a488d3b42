"""The DataExplorer panel of JupyterLab. Everything is in the browser; this package only carries it."""

__version__ = "0.1.0"


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "@jupyterflow/dataexplorer"}]
