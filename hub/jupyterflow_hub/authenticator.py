"""Log in with a password of one's own from a file that only the Hub can read."""

import hmac
import json
from pathlib import Path

from jupyterhub.auth import Authenticator
from traitlets import Unicode


class PasswordFileAuthenticator(Authenticator):
    """Knows exactly the users in the file; each has a password of their own."""

    password_file = Unicode(help="JSON file of user name to password, mode 0600.", config=True)

    async def authenticate(self, handler, data):
        passwords = json.loads(Path(self.password_file).read_text(encoding="utf-8"))
        expected = passwords.get(data["username"], "")
        # Compared also for unknown users, so that the time tells nothing.
        given = data.get("password", "")
        if hmac.compare_digest(expected.encode(), given.encode()) and expected:
            return data["username"]
        return None
