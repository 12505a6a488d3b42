"""JupyterHub on one machine: who may log in, and the sandbox each notebook server runs in."""
