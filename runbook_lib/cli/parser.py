"""The verbs of the command line and their options, in the operator's language."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from runbook_lib import __version__
from runbook_lib.cli.options import EXAMPLES, VERB_OPTIONS
from runbook_lib.errors import ParameterError
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.commands import COMMANDS, LINES, OPTIONS


class _Parser(argparse.ArgumentParser):
    """argparse with its own words translated where it lets us."""

    def __init__(self, *, language: Language, verb: str = "", **_given_by_argparse: object) -> None:
        text = COMMANDS[verb or "runbook"].say(language)
        self._usage_word = LINES["usage"].say(language)
        epilog = LINES["example"].say(language, command=EXAMPLES[verb]) if verb else None
        super().__init__(
            prog=f"runbook {verb}".strip(),
            description=text,
            epilog=epilog,
            add_help=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self._optionals.title = LINES["options"].say(language)
        self._positionals.title = LINES["arguments"].say(language)
        self.add_argument("-h", "--help", action="help", help=OPTIONS["help"].say(language))
        # A verb's own default would overwrite what was given before the verb.
        first: object = argparse.SUPPRESS if verb else language
        plain: object = argparse.SUPPRESS if verb else False
        self.add_argument("--language", choices=LANGUAGES, default=first, help=OPTIONS["language"].say(language))
        self.add_argument("--json", action="store_true", default=plain, help=OPTIONS["json"].say(language))

    def error(self, message: str) -> NoReturn:
        """Refuse the command line as anything else is refused. `message` is argparse's, which knows English only."""
        raise ParameterError("command-line-refused", command=self.prog, detail=message)

    def format_usage(self) -> str:
        """Return the usage line in the operator's language."""
        return self._translated(super().format_usage())

    def format_help(self) -> str:
        """Return the help in the operator's language."""
        return self._translated(super().format_help())

    def _translated(self, text: str) -> str:
        return text.replace("usage:", self._usage_word, 1)


def parse(arguments: Sequence[str], language: Language) -> argparse.Namespace:
    """Return the parsed command line. Raises `ParameterError` when it makes no sense; help and version end the process."""
    options = _parser(language).parse_args(arguments)
    options.asked_language = asked_language(arguments)  # None when it is nobody's wish
    return options


def asked_language(arguments: Sequence[str]) -> Language | None:
    """Return the language that the command line itself asks for: help is printed before parsing ends."""
    texts = " ".join(arguments).replace("=", " ").split()
    if "--language" not in texts[:-1]:
        return None
    asked = texts[texts.index("--language") + 1]
    return "fr" if asked == "fr" else "en"


def _parser(language: Language) -> argparse.ArgumentParser:
    top = _Parser(language=language)
    top.add_argument("--version", action="version", version=__version__, help=OPTIONS["version"].say(language))
    verbs = top.add_subparsers(
        dest="verb", metavar="VERB", required=True, title=LINES["verbs"].say(language), parser_class=_Parser
    )
    added = {
        verb: verbs.add_parser(verb, help=COMMANDS[verb].say(language), language=language, verb=verb)
        for verb in EXAMPLES
    }

    for verb, options in VERB_OPTIONS.items():
        for each in options:
            added[verb].add_argument(
                *each.names, help=OPTIONS[each.help].say(language).replace("%", "%%"), **each.settings
            )
    return top
