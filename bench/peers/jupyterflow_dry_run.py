"""Runs the first JupyterFlow's `run --dry-run -f FILE`: its own code, with answers in place of those of a cluster."""

import builtins
import io
import json
import os
import pwd
import sys
from types import SimpleNamespace

from kubernetes import client, config

NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
ENV = [{"name": f"VARIABLE_{i}", "value": "x" * 40} for i in range(25)]
MOUNTS = [{"name": f"volume-{i}", "mountPath": f"/data/{i}"} for i in range(5)]
VOLUMES = [{"name": f"volume-{i}", "persistentVolumeClaim": {"claimName": f"volume-{i}"}} for i in range(5)]
POD = {
    "spec": {
        "serviceAccountName": "default",
        "containers": [{"image": "python:3.12-slim", "env": ENV, "resources": {}, "volumeMounts": MOUNTS}],
        "volumes": VOLUMES,
    }
}

config.load_incluster_config = lambda: None
client.CoreV1Api = lambda: SimpleNamespace(
    read_namespaced_pod=lambda name, namespace, _preload_content: SimpleNamespace(data=json.dumps(POD))
)
real_open = builtins.open
builtins.open = lambda file, *args, **kwargs: (
    io.StringIO("default") if file == NAMESPACE_FILE else real_open(file, *args, **kwargs)
)
os.environ.update(NB_USER=pwd.getpwuid(os.getuid()).pw_name, HOSTNAME="jupyter-ada", JUPYTERFLOW_CONFIG_FILE="/none")

from jupyterflow.driver import main  # noqa: E402

main(["run", "--dry-run", "-f", sys.argv[1]])
