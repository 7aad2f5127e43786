"""Parses script text with tree-sitter-pwsh into small immutable nodes; the only module that knows the grammar library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import tree_sitter
import tree_sitter_pwsh

from runbook_lib.lab.powershell.errors import LabUnsupported, Position

_LANGUAGE = tree_sitter.Language(tree_sitter_pwsh.language())
_NOISE = {"comment", "empty_statement"}
_INTERPOLATED = {"expandable_string_literal", "expandable_here_string_literal"}


@dataclass(frozen=True, slots=True)
class Node:
    """One syntax node: chains of nodes that cover the same text are one node, comments and separators are gone.

    `tokens` are the keywords and operators in lower case; `pieces` are the literal texts and interpolations of an
    expandable string, in order.
    """

    kind: str
    text: str
    line: int
    column: int
    children: tuple[Node, ...] = ()
    tokens: tuple[str, ...] = ()
    pieces: tuple[str | Node, ...] = ()

    @property
    def position(self) -> Position:
        """Where the node starts, for error records."""
        return Position(self.line, self.column, self.text.splitlines()[0] if self.text else "")

    def of_kind(self, *kinds: str) -> list[Node]:
        """The direct children of the given kinds."""
        return [child for child in self.children if child.kind in kinds]

    def walk(self) -> Iterator[Node]:
        """This node and every node below it, in text order."""
        yield self
        for child in self.children:
            yield from child.walk()


@lru_cache(maxsize=64)
def parse(text: str) -> Node:
    """The tree of a whole script. Raises LabUnsupported where the grammar sees an error, with its line."""
    source = text.encode()
    root = tree_sitter.Parser(_LANGUAGE).parse(source).root_node
    if root.has_error:
        line = _first_error(root).start_point[0] + 1
        raise LabUnsupported(f"the script does not parse: line {line}")
    return _node(root)


def _first_error(node: tree_sitter.Node) -> tree_sitter.Node:
    if node.is_error or node.is_missing:
        return node
    return next((_first_error(child) for child in node.children if child.has_error), node)


def _convert(node: tree_sitter.Node) -> Node:
    while node.child_count == node.named_child_count == 1 and _covers(node, node.children[0]):
        node = node.children[0]
    return _node(node)


def _node(node: tree_sitter.Node) -> Node:
    children: list[Node] = []
    tokens: list[str] = []
    for child in node.children:
        if child.type in _NOISE:
            continue
        if child.type == "command_argument_sep":
            tokens.extend(":" for _ in range(_text(child).count(":")))
            children.extend([_separator(child)] if ":" in _text(child) else [])
        elif child.is_named:
            children.append(_convert(child))
        else:
            tokens.append(_text(child).lower())
    row, column = node.start_point
    pieces = tuple(_pieces(node)) if node.type in _INTERPOLATED else ()
    return Node(node.type, _text(node), row + 1, column + 1, tuple(children), tuple(tokens), pieces)


def _separator(node: tree_sitter.Node) -> Node:
    return Node("argument_colon", ":", node.start_point[0] + 1, node.start_point[1] + 1)


def _covers(outer: tree_sitter.Node, inner: tree_sitter.Node) -> bool:
    same_span = outer.start_byte == inner.start_byte and outer.end_byte == inner.end_byte
    return same_span and outer.type not in _INTERPOLATED and inner.type != "command_argument_sep"


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


def _pieces(node: tree_sitter.Node) -> Iterator[str | Node]:
    """The literal text is the gap between interpolations; the grammar has no node for it."""
    source, offset = node.text or b"", node.start_byte
    opening, closing = (1, 1) if node.type == "expandable_string_literal" else _here_string_margins(source)
    at = opening
    for child in node.named_children:
        yield source[at : child.start_byte - offset].decode()
        yield _convert(child)
        at = child.end_byte - offset
    yield source[at : len(source) - closing].decode()


def _here_string_margins(source: bytes) -> tuple[int, int]:
    opening = source.index(b"\n") + 1
    return opening, 4 if source.endswith(b'\r\n"@') else 3
