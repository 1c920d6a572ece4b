"""The browser of a person at the console, and what it sends along."""

import re

import httpx

from tests.conftest import PASSWORD

PAGE = {"Accept": "text/html"}
SCRIPT = {"Accept": "application/json"}
CLIENT_ID = "0123456789abcdef" * 2


class Browser:
    """A signed-in person's browser, without the script."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, headers=PAGE, timeout=10)
        self.address = address

    def sign_in(self, email: str, password: str = PASSWORD, **form: str) -> httpx.Response:
        return self.http.post(
            "/console/sign-in",
            data={"email": email, "password": password, **form},
            headers={"Origin": self.address},
        )

    def page(self, path: str = "") -> str:
        response = self.http.get(f"/console/{path}")
        assert response.status_code == 200, response.text
        return response.text

    def token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.page())
        assert found
        return found[1]

    def press(self, path: str, **form: str) -> httpx.Response:
        """Send one of the console's own forms."""
        return self.http.post(
            f"/console/{path}",
            data={"form_token": self.token(), **form},
            headers={"Origin": self.address},
        )
