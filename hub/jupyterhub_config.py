"""JupyterHub on this machine. Everything that differs between machines comes in one JSON file, named by JUPYTERFLOW_HUB."""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from jupyterflow_hub.authenticator import PasswordFileAuthenticator  # noqa: E402
from jupyterflow_hub.sandbox import PREFIX, Sandbox  # noqa: E402
from jupyterflow_hub.spawner import SandboxSpawner  # noqa: E402

c = get_config()  # noqa: F821
settings = json.loads(Path(os.environ["JUPYTERFLOW_HUB"]).read_text(encoding="utf-8"))
port, state, repository = settings["port"], Path(settings["state"]), HERE.parent
environment_bin = str(Path(sys.executable).parent)

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
# Proxy and platform end with the Hub, also when it is killed.
guard = settings["guard"]
c.ConfigurableHTTPProxy.command = [*guard, settings["node"], settings["proxy"]]
c.ConfigurableHTTPProxy.pid_file = str(state / "hub" / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{state}/hub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(state / "hub" / "cookie_secret")
# Ctrl-C ends everything: servers, proxy and platform are children of the Hub.
c.JupyterHub.cleanup_servers = True
c.JupyterHub.cleanup_proxy = True

c.JupyterHub.authenticator_class = PasswordFileAuthenticator
c.PasswordFileAuthenticator.password_file = str(state / "passwords.json")
c.Authenticator.allowed_users = {user["name"] for user in settings["users"]}
c.Authenticator.admin_users = set()

groups = {}
for user in settings["users"]:
    for group in user["groups"]:
        groups.setdefault(group, {"users": []})["users"].append(user["name"])
c.JupyterHub.load_groups = groups

c.JupyterHub.spawner_class = SandboxSpawner
c.SandboxSpawner.sandbox = Sandbox(
    same_path=tuple(settings["pythonFolders"]),
    read_only={
        "/etc/passwd": str(HERE / "sandbox" / "passwd"),
        "/etc/group": str(HERE / "sandbox" / "group"),
        "/etc/jupyter/labconfig/page_config.json": str(HERE / "sandbox" / "page_config.json"),
        f"{PREFIX}/bin/node": settings["node"],
        f"{PREFIX}/bin/jupyterflow": str(HERE / "sandbox" / "jupyterflow"),
        f"{PREFIX}/command": str(repository / "jupyterflow-ts" / "bundle"),
        f"{PREFIX}/share/jupyter/labextensions/@jupyterflow/dataexplorer": str(
            repository / "extension" / "jupyterflow_dataexplorer" / "labextension"
        ),
    },
)
c.SandboxSpawner.homes = str(state / "homes")
c.SandboxSpawner.examples = settings["examples"]
c.SandboxSpawner.logs = str(state / "logs")
c.Spawner.cmd = [f"{environment_bin}/jupyterhub-singleuser"]
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = "/home/jovyan"
c.Spawner.http_timeout = 120
c.Spawner.start_timeout = 120
c.Spawner.args = [
    # No question about news, and nothing asked of the outside.
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    # A kernel that publishes on a loopback port is heard by every sandbox of this machine, code and results; a UNIX
    # socket in the sandbox's own /tmp by nobody else.
    "--KernelManager.transport=ipc",
]
c.Spawner.env_keep = ["LANG", "LC_ALL"]
c.Spawner.environment = {
    "PATH": f"{PREFIX}/bin:{environment_bin}:/usr/local/bin:/usr/bin:/bin",
    "JUPYTER_PATH": f"{PREFIX}/share/jupyter",
    "JUPYTER_RUNTIME_DIR": "/tmp/jupyter-runtime",
    "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
    "JUPYTERFLOW_PLATFORM": f"http://127.0.0.1:{port}/services/platform",
}

use_platform = "access:services!service=platform"
identity = ["read:users:name!user", "read:users:groups!user"]
# The token that JupyterLab's page holds, and the one in the server's environment, may say who the user is and visit
# the platform; neither may do anything else at the Hub.
c.Spawner.oauth_client_allowed_scopes = [use_platform]
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", use_platform]},
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", *identity, use_platform]},
]
c.JupyterHub.services = [
    {
        "name": "platform",
        "display": False,
        "url": f"http://127.0.0.1:{port + 3}",
        "command": [*guard, settings["node"], str(repository / "platform" / "bin" / "jupyterflow-platform.js")],
        "environment": {
            "JUPYTERFLOW_STATE": str(state),
            "JUPYTERFLOW_CONFIG": settings["platform"],
            "PATH": os.environ["PATH"],
        },
        "oauth_no_confirm": True,
    }
]
