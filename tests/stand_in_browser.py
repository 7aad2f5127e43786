"""A browser for tests: it opens the lab's sign-in page, fills in the form as told, and takes the answer where the page sends it."""

import re
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

import requests

_FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


class StandIn(webbrowser.BaseBrowser):
    """The only browser that a test process can open. It opens nothing unless a test drives it."""

    def __init__(self) -> None:
        super().__init__("stand-in")
        self.drive: Callable[[str], bool] | None = None

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        if self.drive is None:
            message = "no test drives the browser"
            raise webbrowser.Error(message)
        return self.drive(url)


STAND_IN = StandIn()
webbrowser.register("stand-in", None, STAND_IN, preferred=True)


@dataclass
class Person:
    """Signs in as `upn`, or declines, trusting the authority in `ca_file`; keeps what was seen on the way."""

    ca_file: str
    upn: str
    decision: str = "approve"
    pages: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    going: list[threading.Thread] = field(default_factory=list)

    def __call__(self, url: str) -> bool:
        """As a real browser does, give control back before anybody has signed in."""
        self.going.append(threading.Thread(target=self.sign_in, args=(url,)))
        self.going[-1].start()
        return True

    def sign_in(self, url: str) -> None:
        self.asked.append(url)
        with requests.Session() as session:
            session.trust_env, session.verify = False, self.ca_file
            self._keep(session.get(url))
            answered = session.post(url, data={"upn": self.upn, "decision": self.decision})
            self._keep(answered)
            target = re.search(r'<form method="post" action="([^"]+)">', answered.text)
            if target:
                form = {name: unescape(value) for name, value in _FIELD.findall(answered.text)}
                self.posted.append((urljoin(url, unescape(target[1])), form))
                self._keep(session.post(self.posted[-1][0], data=form))

    def _keep(self, answer: requests.Response) -> None:
        self.pages.append(answer.text)

    def leave(self) -> None:
        for thread in self.going:
            thread.join()


if __name__ == "__main__":
    # As a program that the environment variable BROWSER names: the authority's file, the account, the address.
    Person(sys.argv[1], sys.argv[2]).sign_in(sys.argv[3])
