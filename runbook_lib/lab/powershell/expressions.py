"""Expressions: operators, collections, casts, member access and calls. about_Operators, about_Arrays, about_Hash_Tables."""

from __future__ import annotations

from collections.abc import Callable

from runbook_lib.lab.powershell import matching, members, operators
from runbook_lib.lab.powershell.conversion import convert, copy_ordered, number
from runbook_lib.lab.powershell.errors import LabUnsupported
from runbook_lib.lab.powershell.literals import LITERALS
from runbook_lib.lab.powershell.session import Evaluator, Session
from runbook_lib.lab.powershell.syntax import Node
from runbook_lib.lab.powershell.values import (
    HashTable,
    ScriptBlock,
    elements,
    plain,
    to_text,
    truth,
    unroll,
)

_WITH_CASE = {*operators.COMPARISONS, "contains", "notcontains", "in", "notin", "replace", "split"}


def array_expression(session: Session, node: Node) -> object:
    """`@( )`: always an array."""
    return _forgiven(session, session.collect(node.children))


def sub_expression(session: Session, node: Node) -> object:
    """`$( )`: what its statements write, unrolled."""
    return unroll(_forgiven(session, session.collect(node.children)))


def _forgiven(session: Session, results: list[object]) -> list[object]:
    """Before PowerShell 7, brackets around a failed command set `$?` to true (about_Automatic_Variables)."""
    session.succeeded = True
    return results


def parenthesized(session: Session, node: Node) -> object:
    """`( )` keeps the array an expression gives, and unrolls what a pipeline writes."""
    value = session.evaluate_raw(node.children[0])
    session.succeeded = True
    return value


def array_literal(session: Session, node: Node) -> object:
    """`a, b`: one element for each, arrays included."""
    return [session.evaluate(child) for child in node.children]


def unary(session: Session, node: Node) -> object:
    """`-not`, `!`, unary `-`, `-join`, and the comma that makes an array of one."""
    operator, value = node.tokens[0], session.evaluate(node.children[-1])
    actions: dict[str, Callable[[], object]] = {
        "-not": lambda: not truth(value),
        "!": lambda: not truth(value),
        "-": lambda: -number(value),
        "+": lambda: number(value),
        "-join": lambda: operators.join(value, ""),
        ",": lambda: [value],
    }
    if operator not in actions:
        raise LabUnsupported(f"operator {operator}")
    return actions[operator]()


def logical(session: Session, node: Node) -> object:
    """`-and`, `-or` (right side only when needed), `-xor`."""
    left = truth(session.evaluate(node.children[0]))
    for operator, child in zip(node.tokens, node.children[1:], strict=True):
        if operator == "-and":
            left = left and truth(session.evaluate(child))
        elif operator == "-or":
            left = left or truth(session.evaluate(child))
        else:
            raise LabUnsupported(f"operator {operator}")
    return left


def comparison(session: Session, node: Node) -> object:
    """Every operator the grammar calls a comparison, which takes in -join, -split, -replace and -is."""
    left_node, operator_node, right_node = node.children
    name, case = _operator(operator_node.text)
    left, right = session.evaluate(left_node), session.evaluate(right_node)
    if name in ("match", "notmatch") and not isinstance(left, list):
        return _match(session, left, right, case) is (name == "match")
    if name in operators.COMPARISONS:
        return operators.compare(name, left, right, case)
    others: dict[str, Callable[[], object]] = {
        "contains": lambda: operators.contains(left, right, case),
        "notcontains": lambda: not operators.contains(left, right, case),
        "in": lambda: operators.contains(right, left, case),
        "notin": lambda: not operators.contains(right, left, case),
        "join": lambda: operators.join(left, to_text(right)),
        "split": lambda: matching.split(left, right, case),
        "replace": lambda: _replace(left, right, case),
        "is": lambda: operators.is_type(left, right),
        "isnot": lambda: not operators.is_type(left, right),
    }
    if name not in others:
        raise LabUnsupported(f"operator {operator_node.text}")
    return others[name]()


def _operator(text: str) -> tuple[str, bool]:
    """The operator without its case prefix, and whether it minds case."""
    name = text.lower().removeprefix("-")
    if name[0] in "ic" and name[1:] in _WITH_CASE:
        return name[1:], name[0] == "c"
    return name, False


def _match(session: Session, left: object, right: object, case: bool) -> bool:
    found = matching.regex(right, case).search(to_text(left))
    if found:
        session.assign("Matches", matching.matches_of(found))
    return found is not None


def _replace(left: object, right: object, case: bool) -> object:
    operands = elements(right)
    if isinstance(left, list):
        return [matching.replace(item, operands, case) for item in left]
    return matching.replace(left, operands, case)


def arithmetic(session: Session, node: Node) -> object:
    """`+ - * / %`."""
    actions = {
        "+": operators.add,
        "-": operators.subtract,
        "*": operators.multiply,
        "/": operators.divide,
        "%": operators.remainder,
    }
    result = session.evaluate(node.children[0])
    for operator, child in zip(node.tokens, node.children[1:], strict=True):
        result = actions[operator](result, session.evaluate(child))
    return result


def format_operator(session: Session, node: Node) -> object:
    """`-f`."""
    template, _, arguments = node.children
    values = elements(session.evaluate(arguments))
    return operators.format_text(session.evaluate(template), values, session.environment.culture)


def hash_literal(session: Session, node: Node) -> object:
    """`@{ }`; a value keeps the difference between an empty pipeline and $null, which ConvertTo-Json shows."""
    table = HashTable()
    bodies = node.of_kind("hash_literal_body") or [node]
    for key_node, value_node in (entry.children for body in bodies for entry in body.of_kind("hash_entry")):
        key = key_node.text if key_node.kind in ("simple_name", "generic_token") else session.evaluate(key_node)
        if key in table:
            raise LabUnsupported(f"hash literal with the key {to_text(key)} twice")
        table[key] = session.evaluate_raw(value_node)
    return table


def cast(session: Session, node: Node) -> object:
    """`[type]value`."""
    target, operand = node.children
    name = members.type_name_of(target)
    if name.lower() == "ordered":
        table = session.evaluate(operand)
        if operand.kind != "hash_literal_expression" or not isinstance(table, HashTable):
            raise LabUnsupported("[ordered] before something that is no hash literal")
        return copy_ordered(table)
    return convert(session.evaluate(operand), name)


def script_block(session: Session, node: Node) -> object:
    """`{ }`: code as a value."""
    del session
    return make_block(node, node.text[1:-1])


def make_block(node: Node, text: str) -> ScriptBlock:
    """A script block out of a parsed script or block."""
    while len(node.children) == 1 and node.children[0].kind in ("script_block", "script_block_body"):
        node = node.children[0]
    parameters = node.of_kind("param_block")
    statements = tuple(child for child in node.children if child.kind != "param_block")
    return ScriptBlock(parameters[0] if parameters else None, statements, text)


def member(session: Session, node: Node) -> object:
    """`object.name` and `[type]::name`."""
    owner, name_node = node.children
    name = members.name_of(session, name_node)
    if "::" in node.tokens:
        return plain(members.static_property(session, owner, name))
    return members.get_property(session, session.evaluate(owner), name)


def call(session: Session, node: Node) -> object:
    """`object.name(...)` and `[type]::name(...)`."""
    owner, name_node, argument_list = node.children
    name = members.name_of(session, name_node)
    arguments = [session.evaluate(item) for item in _arguments(argument_list)]
    if "::" in node.tokens:
        return members.static_method(session, owner, name, arguments)
    return members.invoke(session, session.evaluate(owner), name, arguments)


def _arguments(node: Node) -> tuple[Node, ...]:
    inner = node.children
    return inner[0].children if len(inner) == 1 and inner[0].kind == "argument_expression_list" else inner


def element(session: Session, node: Node) -> object:
    """`object[key]`."""
    owner, key = node.children
    return members.get_element(session, session.evaluate(owner), session.evaluate(key))


def type_literal(session: Session, node: Node) -> object:
    """A type used as a value."""
    return members.type_reference(session, node)


EXPRESSIONS: dict[str, Evaluator] = {
    **LITERALS,
    "bareword_argument_list": array_literal,
    "array_expression": array_expression,
    "sub_expression": sub_expression,
    "parenthesized_expression": parenthesized,
    "array_literal_expression": array_literal,
    "expression_with_unary_operator": unary,
    "logical_expression": logical,
    "logical_argument_expression": logical,
    "comparison_expression": comparison,
    "comparison_argument_expression": comparison,
    "additive_expression": arithmetic,
    "additive_argument_expression": arithmetic,
    "multiplicative_expression": arithmetic,
    "multiplicative_argument_expression": arithmetic,
    "format_expression": format_operator,
    "format_argument_expression": format_operator,
    "hash_literal_expression": hash_literal,
    "cast_expression": cast,
    "script_block_expression": script_block,
    "member_access": member,
    "invocation_expression": call,
    "element_access": element,
    "type_literal": type_literal,
}
