"""VERIFY.txt: how to verify a bundle with sha256sum and openssl alone. The same for every bundle, so that it can be sealed with it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.recipes import RECIPES

_WIDTH = 100

# Canonical JSON has one form, on one line, its names in order: that is what lets sed read it.
_COMMANDS: dict[str, str] = {
    "files": r"""
tr '{' '\n' < manifest.json |
  sed -n 's/.*"name":"\([^"]*\)","sha256":"\([0-9a-f]*\)".*/\2  \1/p' | sha256sum --check --strict --quiet
""",
    "statement": r"""
STATEMENT=$(mktemp)
sed 's/.*"payload":"\([^"]*\)".*/\1/' manifest.dsse.json | base64 -d > "$STATEMENT"
grep -q '"sha256":"'"$(sha256sum < manifest.json | cut -c 1-64)"'"},"name":"manifest.json"' "$STATEMENT" &&
  echo 'manifest.json: named'
""",
    "signature": r"""
NUMBER=1 SIGNED=$(mktemp) SIGNATURE=$(mktemp)
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < "$STATEMENT")"; cat "$STATEMENT"; } > "$SIGNED"
grep -o '"sig":"[^"]*"' manifest.dsse.json | sed -n "$NUMBER"'s/.*:"\(.*\)"/\1/p' | base64 -d > "$SIGNATURE"
if grep -q 'MCowBQYDK2Vw' "signer-$NUMBER.pem"  # Ed25519; else ECDSA (P-256; P-384: -sha384, P-521: -sha512)
then openssl pkeyutl -verify -pubin -inkey "signer-$NUMBER.pem" -rawin -in "$SIGNED" -sigfile "$SIGNATURE"
else openssl dgst -sha256 -verify "signer-$NUMBER.pem" -signature "$SIGNATURE" "$SIGNED"
fi
""",
    "whose": r"""
openssl pkey -pubin -in "signer-$NUMBER.pem" -outform DER | sha256sum
""",
    "time": r"""
openssl ts -verify -data manifest.dsse.json -in manifest.tsr -CAfile ROOTS.pem
""",
    "journal": r"""
HEAD=0000000000000000000000000000000000000000000000000000000000000000
while IFS= read -r LINE
do
  case "$LINE" in *'"previous":"'"$HEAD"'"}') ;; *) echo "broken: $LINE";; esac
  HEAD=$(printf %s "$LINE" | sha256sum | cut -c 1-64)
done < journal.jsonl
echo "$HEAD"; grep -q '"head":"'"$HEAD"'"' "$STATEMENT" && echo 'journal.jsonl: named'
""",
}


def recipes() -> bytes:
    """Return the text, English first; the commands stand in it once."""
    return ("\n".join(_lines()) + "\n").encode()


def commands() -> dict[str, str]:
    """Return the commands of each recipe, by its name, in order."""
    return {name: text.strip("\n") for name, text in _COMMANDS.items()}


def _lines() -> Iterator[str]:
    for language in LANGUAGES:
        yield RECIPES["title"].say(language)
    yield ""
    yield from _said("need")
    for name, text in commands().items():
        yield ""
        yield from _said(name)
        yield ""
        yield textwrap.indent(text, "    ")
    yield ""
    yield from _said("limits")


def _said(name: str) -> Iterator[str]:
    for language in LANGUAGES:
        yield from _wrapped(name, language)


def _wrapped(name: str, language: Language) -> list[str]:
    return textwrap.wrap(RECIPES[name].say(language), _WIDTH, break_long_words=False, break_on_hyphens=False)
