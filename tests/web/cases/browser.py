"""A visitor's browser at the case page, without a script."""

import re

import httpx

from tests.cases.letters import KeptLetters


class Browser:
    """Keeps its cookie and fills in the page's own forms."""

    def __init__(self, address: str) -> None:
        headers = {"Accept": "text/html", "Origin": address}
        self.http = httpx.Client(base_url=address, headers=headers, timeout=10, trust_env=False)

    def page(self, path: str) -> str:
        response = self.http.get(path)
        assert response.status_code == 200, response.text
        return response.text

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the page."""
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page(path)))

    def ask_for_code(self, reference: str) -> httpx.Response:
        return self.http.post(f"/cases/{reference}/code")

    def type_code(self, reference: str, code: str) -> httpx.Response:
        form = {**self.hidden(f"/cases/{reference}"), "code": code}
        return self.http.post(f"/cases/{reference}/proof", data=form)

    def prove(self, reference: str, letters: KeptLetters) -> None:
        """Ask for a code, read the mail, type it."""
        assert self.ask_for_code(reference).status_code == 303
        assert self.type_code(reference, letters.code).status_code == 303

    def add(self, reference: str, text: str) -> httpx.Response:
        form = {**self.hidden(f"/cases/{reference}"), "text": text}
        return self.http.post(f"/cases/{reference}/messages", data=form)
