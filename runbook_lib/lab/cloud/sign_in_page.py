"""The lab's own pages to sign in, with a device code or in a browser, in both languages at once: they stand for Microsoft's.

No password is asked: whoever reaches the loopback interface is trusted to be any of the invented users.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from runbook_lib.texts import LANGUAGES, message, render

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>LAB</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}}
label{{display:block;margin:1rem 0}}input,button{{font:inherit;padding:.4rem .6rem}}
input{{width:100%;box-sizing:border-box}}
</style>
<h1>LAB</h1><p role="status">{told}</p>{form}</html>
"""

_FORM = """<form method="post">
<label>{code}<input name="user_code" required autofocus autocomplete="off"></label>
<label>{account}<input name="upn" required autocomplete="off"></label>
<button name="decision" value="approve">{approve}</button> <button name="decision" value="decline">{decline}</button>
</form>"""


_SIGN_IN = """<form method="post">
<label>{account}<input name="upn" value="{hint}" required autofocus autocomplete="off" list="known"></label>
<datalist id="known">{known}</datalist>
<button name="decision" value="approve">{approve}</button> <button name="decision" value="decline">{decline}</button>
</form>"""

_POST = """<form method="post" action="{address}">{fields}<button>{approve}</button></form>
<script>document.forms[0].submit()</script>"""


def form() -> str:
    """Return the page that asks for a code and an account."""
    words = {name: _both(f"lab-cloud-device-{name}") for name in ("code", "account", "approve", "decline")}
    return _PAGE.format(told=_both("lab-cloud-device-login"), form=_FORM.format(**words))


def sign_in(hint: str, known: Iterable[str]) -> str:
    """Return the page that asks which account to sign in with; `hint` is the one that the application expects.

    `known` are proposed: those who rehearse cannot know the invented names.
    """
    words = {name: _both(f"lab-cloud-device-{name}") for name in ("account", "approve", "decline")}
    proposed = "".join(f'<option value="{escape(upn)}">' for upn in known)
    return _PAGE.format(
        told=_both("lab-cloud-sign-in"), form=_SIGN_IN.format(hint=escape(hint), known=proposed, **words)
    )


def posted(address: str, answer: Mapping[str, str]) -> str:
    """Return the page that takes an answer to the application, by itself where scripts run."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in answer.items()
    )
    going = _POST.format(address=escape(address), fields=fields, approve=_both("lab-cloud-go-on"))
    return _PAGE.format(told=_both("lab-cloud-go-back"), form=going)


def refused(code: int, text: str) -> str:
    """Return the page that says why nobody can sign in like this."""
    return _PAGE.format(told=f"AADSTS{code}: {escape(text)}", form="")


def decided(decision: str) -> str:
    """Return the page that says what was decided: `approve` or `decline`."""
    return _PAGE.format(told=_both(f"lab-cloud-device-{decision}d"), form="")


def _both(key: str) -> str:
    return " / ".join(escape(render(message(key), language)) for language in LANGUAGES)
