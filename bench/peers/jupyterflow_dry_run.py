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
POD = {
    "spec": {
        "serviceAccountName": "default",
        "containers": [
            {
                "image": "python:3.12-slim",
                "imagePullPolicy": "IfNotPresent",
                "env": [{"name": "LANG", "value": "en_US.UTF-8"}],
                "resources": {},
                "volumeMounts": [{"name": "home", "mountPath": "/home/jovyan"}],
            }
        ],
        "volumes": [{"name": "home", "persistentVolumeClaim": {"claimName": "claim-ada"}}],
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
