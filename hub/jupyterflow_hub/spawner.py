"""Starts each user's notebook server in a sandbox of its own."""

import os
import shutil
import subprocess
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Instance, Unicode

from .sandbox import HOME, Sandbox


class SandboxSpawner(SimpleLocalProcessSpawner):
    """The simple spawner, in bubblewrap."""

    sandbox = Instance(Sandbox, help="What every sandbox of this machine shares.").tag(config=True)
    homes = Unicode(help="Folder of the users' homes.").tag(config=True)
    examples = Unicode(help="Folder copied into a new home.").tag(config=True)
    logs = Unicode(help="Folder of one log file a user: what their server prints.").tag(config=True)

    @property
    def home(self) -> Path:
        return Path(self.homes, self.user.name)

    def make_preexec_fn(self, name):
        """The working folder is the sandbox's business: the home exists only in there."""
        return None

    def user_env(self, env):
        env["USER"] = "jovyan"
        env["HOME"] = HOME
        env["SHELL"] = "/bin/bash"
        return env

    async def start(self):
        if not self.home.exists():
            self.home.mkdir(mode=0o700, parents=True)
            shutil.copytree(self.examples, self.home / "examples")
        self.cmd = [*self.sandbox.command(self.home), *self.cmd[-1:]]
        # Whatever file a process has open it can open again by /proc, to read or to empty it: never the Hub's own log.
        with open(Path(self.logs, f"server-{self.user.name}.log"), "ab", opener=_private) as log:
            self.popen_kwargs = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            return await super().start()


def _private(path, flags):
    return os.open(path, flags, 0o600)
