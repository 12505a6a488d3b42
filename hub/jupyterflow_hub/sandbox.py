"""The command line of a notebook server's sandbox.

All servers run as the Hub's own UNIX user, so the file system that a server sees is what keeps users apart: its own
home, a read-only system, and nothing of the state folder, of other homes or of the repository's data.
"""

from dataclasses import dataclass
from pathlib import Path

HOME = "/home/jovyan"
PREFIX = "/opt/jupyterflow"
# A name service, certificates and alternatives are all that Python, Node and a shell need of /etc. Not all of /etc/ssl:
# a Hub that runs as root could read the machine's private keys there, and so could what it starts.
ETC = (
    "alternatives",
    "hosts",
    "ld.so.cache",
    "localtime",
    "nsswitch.conf",
    "resolv.conf",
    "ssl/certs",
    "ssl/openssl.cnf",
    "terminfo",
)


@dataclass(frozen=True)
class Sandbox:
    """What every sandbox of this machine shares."""

    #: Folders and files seen read-only at the same path, e.g. the Python environment.
    same_path: tuple[str, ...]
    #: Folders and files of this machine by the path at which the sandbox sees them, read-only.
    read_only: dict[str, str]

    def command(self, home: Path) -> list[str]:
        """bubblewrap and its options for a server whose home is `home`; the server's command follows."""
        options = [
            "bwrap", "--unshare-user", "--uid", "1000", "--gid", "100", "--unshare-pid", "--unshare-ipc",
            "--unshare-uts", "--unshare-cgroup-try", "--hostname", "jupyter", "--cap-drop", "ALL",
            "--die-with-parent",
            "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev",
            "--ro-bind", "/usr", "/usr",
        ]  # fmt: skip
        for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
            folder = Path("/", name)
            if folder.is_symlink():
                options += ["--symlink", f"usr/{name}", f"/{name}"]
            elif folder.is_dir():
                options += ["--ro-bind", f"/{name}", f"/{name}"]
        for name in ETC:
            options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        for path in self.same_path:
            options += ["--ro-bind", path, path]
        for seen, source in self.read_only.items():
            options += ["--ro-bind", source, seen]
        return [*options, "--bind", str(home), HOME, "--chdir", HOME, "--"]
