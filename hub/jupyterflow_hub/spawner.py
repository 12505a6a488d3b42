"""Starts each user's notebook server in a sandbox of its own."""

import shutil
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Instance, Unicode

from .sandbox import HOME, Sandbox


class SandboxSpawner(SimpleLocalProcessSpawner):
    """The simple spawner, in bubblewrap."""

    sandbox = Instance(Sandbox, help="What every sandbox of this machine shares.").tag(config=True)
    homes = Unicode(help="Folder of the users' homes.").tag(config=True)
    examples = Unicode(help="Folder copied into a new home.").tag(config=True)

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
        return await super().start()
