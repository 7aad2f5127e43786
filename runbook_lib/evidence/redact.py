"""Secrets leave no trace in what is written: those we know, however they are spelt, and what looks like one.

What was replaced is counted under a rule and a keyed digest, for the ledger. The key is made anew for each redactor and kept
nowhere: within one run the same secret has the same digest, and nobody can try guesses against it later.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from runbook_lib.evidence.known_values import SHORTEST_INSIDE, Form, cut_short, forms_inside, whole_forms
from runbook_lib.evidence.secret_patterns import FIELDS, REDACTED, RULES, UTF_16, Rule
from runbook_lib.model import Json

# The rules for values that we know.
SECRET, TOKEN, DEVICE_CODE, PASSWORD = "known-secret", "known-token", "device-code", "generated-password"

FIELD = "secret-field"

# As many characters of a secret do not come about by chance in any number of bytes.
_SURE_IN_BYTES = 8

# By what each pattern is known to be worth trying, in the order of the rules.
_SIGNS = tuple((sign, rule) for rule in RULES for sign in rule.signs)

# So many texts are remembered to hold nothing. A run writes most of what it says several times: to journal, answers and result.
_MOST_REMEMBERED = 4096


@dataclass(frozen=True)
class Hit:
    """Something that was replaced, or should have been: by which rule, where in its file, and the keyed digest of the value.

    `where` is a JSON pointer (RFC 6901) in data, empty for a text as a whole.
    """

    rule: str
    where: str
    digest: str


Found = Counter[Hit]


@dataclass(frozen=True)
class _Known:
    secret: str
    rule: str


class Redactor:
    """Replaces every known secret, and what looks like one. Secrets learnt later are replaced from then on."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._key = secrets.token_bytes(32)
        self._whole: dict[str, _Known] = {}
        self._inside: dict[Form, _Known] = {}
        self._signs: list[tuple[str, Form]] = []
        self._long: list[_Known] = []
        self._nothing_in: set[str] = set()
        self.learn(*known)

    def learn(self, *values: str, rule: str = SECRET) -> None:
        """Replace these secrets, too, from now on. An empty text is no secret. `rule` says in the ledger what they are."""
        for value in filter(None, values):
            if value in self._whole and self._whole[value].secret == value:
                continue
            known = _Known(value, rule)
            self._whole |= dict.fromkeys(whole_forms(value), known)
            if len(value) >= SHORTEST_INSIDE:
                # Longest first: of two secrets that begin alike, the longer is replaced as a whole.
                forms = {**self._inside, **dict.fromkeys(forms_inside(value), known)}
                self._inside = dict(sorted(forms.items(), key=lambda each: len(each[0].pattern), reverse=True))
                self._signs = [(sign, form) for form in self._inside for sign in form.signs or ("",)]
                self._long = sorted([*self._long, known], key=lambda each: len(each.secret), reverse=True)
        # Last, and another set: who is looking at a text in another thread, knowing less, then remembers it for nobody.
        self._nothing_in = set()

    def text(self, text: str, found: Found | None = None, where: str = "", *, spare: Collection[str] = ()) -> str:
        """Return a text without secrets. What is replaced is counted in `found`; the rules in `spare` replace nothing."""
        nothing_in = self._nothing_in
        if text in nothing_in:
            return text
        clean = self._cleaned(text, Counter() if found is None else found, where, spare)
        if clean == text and not spare and len(nothing_in) < _MOST_REMEMBERED:
            nothing_in.add(text)
        return clean

    def _cleaned(self, text: str, hits: Found, where: str, spare: Collection[str]) -> str:
        whole = self._whole.get(text)
        if whole and whole.rule not in spare:
            hits[self._hit(whole.rule, where, whole.secret)] += 1
            return REDACTED
        clean = self._without_known(text, hits, where, spare)
        clean = self._without_patterns(clean, hits, where)
        return UTF_16.sub(lambda match: self._utf_16(match[0], hits, where), clean) if "\x00" in clean else clean

    def data(self, data: Json, found: Found | None = None, where: str = "", *, spare: Collection[str] = ()) -> Json:
        """Return JSON data without secrets, in values and in names. The rest as `text`."""
        if isinstance(data, str):
            return self.text(data, found, where, spare=spare)
        if isinstance(data, dict):
            return self._mapping(data, found, where, spare)
        if isinstance(data, list | tuple):
            return [self.data(item, found, f"{where}/{number}", spare=spare) for number, item in enumerate(data)]
        if isinstance(data, int | float) and not isinstance(data, bool):
            return self._number(data, found, where, spare)
        return data

    def _number(self, number: float, found: Found | None, where: str, spare: Collection[str]) -> Json:
        """A secret of digits may have been read as a number. Short ones stay: `1` as a secret must not hide every count."""
        written = json.dumps(number)
        if len(written) < SHORTEST_INSIDE or self.text(written, spare=spare) == written:
            return number
        return self.text(written, found, where, spare=spare) and REDACTED

    def _mapping(
        self, data: dict[str, Json], found: Found | None, where: str, spare: Collection[str]
    ) -> dict[str, Json]:
        clean: dict[str, Json] = {}
        for name, value in data.items():
            shown = known = self.text(name, found, where, spare=spare)
            copies = 1
            while shown in clean:  # two names that hold secrets look alike now; both values stay
                copies += 1
                shown = f"{known} {copies}"
            place = f"{where}/{shown.replace('~', '~0').replace('/', '~1')}"
            if name.casefold() in FIELDS and isinstance(value, str) and value and REDACTED not in value:
                clean[shown] = self._field(value, found, place)
            else:
                clean[shown] = self.data(value, found, place, spare=spare)
        return clean

    def known(self, text: str, found: Found) -> None:
        """Count the known secrets in bytes that were taken for characters. What is short is there by chance sooner or later."""
        long = tuple(form for form in self._likely(text) if len(self._inside[form].secret) >= _SURE_IN_BYTES)
        for match in _any_of(long).finditer(text) if long else ():
            known = self._inside[long[(match.lastindex or 1) - 1]]
            found[self._hit(known.rule, "", known.secret)] += 1

    def _likely(self, text: str) -> dict[Form, None]:
        """Return the spellings that are worth trying on a text, longest first."""
        return dict.fromkeys([form for sign, form in self._signs if sign in text])

    def _field(self, value: str, found: Found | None, where: str) -> str:
        if found is not None:
            found[self._hit(FIELD, where, value)] += 1
        return REDACTED

    def _hit(self, rule: str, where: str, value: str) -> Hit:
        said = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return Hit(rule, where, said[:32])

    def _without_known(self, text: str, found: Found, where: str, spare: Collection[str]) -> str:
        likely = tuple(form for form in self._likely(text) if self._inside[form].rule not in spare)

        def replaced(match: re.Match[str]) -> str:
            known = self._inside[likely[(match.lastindex or 1) - 1]]
            found[self._hit(known.rule, where, known.secret)] += 1
            return REDACTED

        clean = _any_of(likely).sub(replaced, text) if likely else text
        for known in self._long:
            if known.rule not in spare and (cut := cut_short(known.secret, clean)):
                found[self._hit(known.rule, where, known.secret)] += 1
                clean = clean[: cut[0]] + REDACTED + clean[cut[1] :]
        return clean

    def _without_patterns(self, text: str, found: Found, where: str) -> str:
        for rule in _likely_rules(text):
            text = rule.pattern.sub(lambda match, rule=rule: self._replaced(rule, match, found, where), text)  # type: ignore[misc]
        return text

    def _replaced(self, rule: Rule, match: re.Match[str], found: Found, where: str) -> str:
        if not rule.holds(match["secret"]):
            return match[0]
        found[self._hit(rule.name, where, match["secret"])] += 1
        start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
        return match[0][:start] + REDACTED + match[0][end:]

    def _utf_16(self, text: str, found: Found, where: str) -> str:
        narrow = text.replace("\x00", "")
        clean = self._without_patterns(narrow, found, where)
        return text if clean == narrow else "".join(f"{each}\x00" for each in clean)


def _likely_rules(text: str) -> dict[Rule, None]:
    lowered = text.lower()
    return dict.fromkeys([rule for sign, rule in _SIGNS if sign in lowered])


@lru_cache(maxsize=64)
def _any_of(forms: tuple[Form, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({form.pattern})" for form in forms))


__all__ = [
    "DEVICE_CODE",
    "PASSWORD",
    "REDACTED",
    "SECRET",
    "SHORTEST_INSIDE",
    "TOKEN",
    "Found",
    "Hit",
    "Redactor",
]
