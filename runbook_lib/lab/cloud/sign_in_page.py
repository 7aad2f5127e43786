"""The lab's own page for device codes, in both languages at once: it stands for Microsoft's, where a person signs in.

No password is asked: whoever reaches the loopback interface is trusted to be any of the invented users.
"""

from __future__ import annotations

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


def form() -> str:
    """Return the page that asks for a code and an account."""
    words = {name: _both(f"lab-cloud-device-{name}") for name in ("code", "account", "approve", "decline")}
    return _PAGE.format(told=_both("lab-cloud-device-login"), form=_FORM.format(**words))


def decided(decision: str) -> str:
    """Return the page that says what was decided: `approve` or `decline`."""
    return _PAGE.format(told=_both(f"lab-cloud-device-{decision}d"), form="")


def _both(key: str) -> str:
    return " / ".join(escape(render(message(key), language)) for language in LANGUAGES)
