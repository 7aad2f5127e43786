"""What is sent to the bootstrap, and how strictly its reply is read."""

import base64
import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runbook_lib.adapters.scripts import CMD_LINE_LIMIT, PROGRAM, bootstrap_arguments, load_script, without_comments
from runbook_lib.adapters.sync_server.envelope import Batch, Item, Problem, ReplyNotUnderstood, Value

SENTINEL = "5e" * 16
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
PROBLEM = {"message": "m", "type": "t", "id": "i", "category": "c"}


def batch(*names: str) -> Batch:
    return Batch([Item(name, "") for name in names], SENTINEL)


def line(answer: object, sentinel: str = SENTINEL) -> bytes:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return f"{sentinel} {base64.b64encode(text.encode()).decode()}\r\n".encode()


def good(name: str, value: object = None) -> bytes:
    return line({"name": name, "ok": True, "value": value})


def bad(name: str, problem: object) -> bytes:
    return line({"name": name, "ok": False, "problem": problem})


@given(st.dictionaries(st.text(), JSON))
def test_a_request_is_one_line_of_base64_that_holds_the_arguments_unchanged(arguments):
    stdin = Batch([Item("host", "text", arguments)], SENTINEL).stdin

    request = json.loads(base64.b64decode(stdin.removesuffix(b"\r\n"), validate=True))
    assert request == {
        "sentinel": SENTINEL,
        "items": [{"name": "host", "script": "text", "arguments": arguments}],
    }


def test_every_batch_has_a_sentinel_of_its_own():
    assert len({Batch([]).sentinel for _ in range(50)}) == 50


@given(st.lists(JSON, min_size=1, max_size=4))
def test_whole_replies_give_their_values_in_order(values):
    names = [f"r{number}" for number in range(len(values))]
    stdout = b"".join(good(name, value) for name, value in zip(names, values, strict=True))

    assert batch(*names).read(stdout) == [Value(value) for value in values]


def test_a_problem_stands_in_its_own_place_only():
    stdout = good("a", 1) + bad("b", PROBLEM) + good("c", 3)

    assert batch("a", "b", "c").read(stdout) == [Value(1), Problem("m", "t", "i", "c"), Value(3)]


def test_blank_lines_at_the_end_are_no_answer():
    assert batch("a").read(good("a", 1) + b"\r\n\n") == [Value(1)]


@given(JSON, st.data())
def test_a_reply_cut_anywhere_is_refused(value, data):
    stdout = good("a", value) + good("b", value)
    cut = data.draw(st.integers(0, len(stdout) - 1))

    with pytest.raises(ReplyNotUnderstood):
        batch("a", "b").read(stdout[:cut])


@given(JSON, st.binary(min_size=1))
def test_anything_before_a_reply_is_refused(value, junk):
    with pytest.raises(ReplyNotUnderstood):
        batch("a").read(junk + good("a", value))


@given(JSON, st.binary(min_size=1))
def test_anything_after_a_reply_is_refused(value, junk):
    assume(junk.strip(b"\r\n"))
    with pytest.raises(ReplyNotUnderstood):
        batch("a").read(good("a", value) + junk)


@given(JSON, st.data())
def test_text_of_others_inside_an_answer_is_refused(value, data):
    stdout = good("a", value)
    at = data.draw(st.integers(0, len(stdout.rstrip()) - 1))
    junk = data.draw(st.binary(min_size=1).filter(lambda each: re.search(rb"[^A-Za-z0-9+/=]", each)))

    with pytest.raises(ReplyNotUnderstood):
        batch("a").read(stdout[:at] + junk + stdout[at:])


@given(st.data())
def test_a_garbled_sentinel_is_refused(data):
    stdout = bytearray(good("a", {"enabled": True}))
    at = data.draw(st.integers(0, len(SENTINEL)))
    stdout[at] = data.draw(st.integers(0, 255).filter(lambda each: each != stdout[at]))

    with pytest.raises(ReplyNotUnderstood):
        batch("a").read(bytes(stdout))


@pytest.mark.parametrize(
    "stdout",
    [
        b"",
        b"\r\n",
        good("a") + good("a"),
        good("b"),
        good("a").replace(SENTINEL.encode(), b"00" * 16),
        b"WARNING: hello\r\n" + good("a"),
        line("not json"),
        line("[]"),
        line("null"),
        line('{"name":"a","ok":true,"value":NaN}'),
        line('{"name":"a","ok":true,"value":1,"value":2}'),
        line({"name": "a", "ok": 1, "value": 1}),
        line({"name": "a", "ok": True}),
        line({"name": "a", "ok": True, "value": 1, "problem": PROBLEM}),
        line({"name": "a", "ok": True, "value": 1, "more": 1}),
        bad("a", None),
        bad("a", {**PROBLEM, "message": 1}),
        bad("a", {**PROBLEM, "more": "x"}),
        f"{SENTINEL} ====\r\n".encode(),
        f"{SENTINEL} {base64.b64encode(bytes([0xFF])).decode()}\r\n".encode(),
        f"{SENTINEL} \r\n".encode(),
        line("[" * 100_000),
    ],
)
def test_a_reply_of_any_other_form_is_refused(stdout):
    with pytest.raises(ReplyNotUnderstood):
        batch("a").read(stdout)


def test_answers_in_another_order_are_refused():
    with pytest.raises(ReplyNotUnderstood):
        batch("a", "b").read(good("b") + good("a"))


def test_the_command_line_would_also_pass_through_cmd():
    assert len(" ".join([PROGRAM, *bootstrap_arguments()])) < CMD_LINE_LIMIT


def test_the_bootstrap_is_sent_without_its_comments():
    sent = base64.b64decode(bootstrap_arguments()[-1]).decode("utf-16-le")

    assert sent == without_comments(load_script("_bootstrap"))
    assert not any(each.lstrip().startswith("#") for each in sent.splitlines())
    assert "ConvertFrom-Json" in sent


def test_a_script_is_loaded_with_its_comments():
    assert load_script("host").startswith("# Answers:")


@pytest.mark.parametrize("name", ["../secret", "host.ps1", "a/b", ""])
def test_a_script_is_named_not_pathed(name):
    with pytest.raises(ValueError, match="not the name of a script"):
        load_script(name)


def test_a_script_that_does_not_exist_is_a_mistake_of_the_programmer():
    with pytest.raises(FileNotFoundError):
        load_script("no_such_reading")
