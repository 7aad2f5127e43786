"""All tenants on one page: the same in both languages, nothing hidden, nothing that runs or is fetched, whatever a folder is called."""

import hashlib
import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.signer import CryptoSigner

from runbook_lib.evidence.receipts import keep_receipt
from runbook_lib.evidence.sealing.checking import Trust
from runbook_lib.evidence.sealing.contents import files_of
from runbook_lib.evidence.sealing.keeping import Signing, sealed
from runbook_lib.evidence.sealing.statement import RUN
from runbook_lib.evidence.seals import SealState, seal_of
from runbook_lib.notebook.status_page import LONGEST_OPEN, page_of
from runbook_lib.notebook.status_tables import seals_of
from runbook_lib.notebook.status_view import View
from runbook_lib.ports import Receipt
from runbook_lib.texts import LANGUAGES, Language
from runbook_lib.texts.status import STATUS
from runbook_lib.texts.words import LADDER_WORDS, STATUS_WORDS, WORDS
from runbook_lib.wiring.standings import standings
from tests.fleet import NOW, all_steps, finished, judged, run_of
from tests.notebooks.served import CONNECT, PORTAL
from tests.sealed import roster, signer
from tests.unit.notebook.made import BITES, HOSTILE
from tests.unit.notebook.markup import Markup
from tests.unit.notebook.test_export import ADDRESS, body

LONGEST_NAME = 200  # bytes; file systems take 255


def page(outputs: Path, language: Language = "en", place: Path | None = None, trust: Trust | None = None) -> str:
    found = standings(outputs, NOW)
    view = View(
        language, NOW, outputs.name, place or outputs, lambda run: f"runbook resume {run.name}", seals_of(found, trust)
    )
    return page_of(found, view)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Something of everything that a page can tell."""
    run_of(tmp_path, "anna", *all_steps("compliant"), finished(), level="L1", ago=timedelta(days=40))
    run_of(tmp_path, "anna", *all_steps("verified", PORTAL), finished(), runbook=PORTAL, level="L2")
    run_of(tmp_path, "bert", *judged(c1="compliant", c6="planned"), finished(3), level="none", profile="lab")
    run_of(tmp_path, "carl", *judged(c1="compliant", c6="planned"), ("sending", {"change": {}}))
    damaged = run_of(tmp_path, "dora", *all_steps("verified"), finished(), level="L4")
    (damaged / "journal.jsonl").write_text("no journal\n", encoding="utf-8")
    run_of(tmp_path, "emil", *all_steps("compliant"), finished(), level="L3", ago=-timedelta(days=30))
    run_of(tmp_path, "fred", *all_steps("compliant", PORTAL), finished(), runbook="of-tomorrow")
    return tmp_path


def bundle_of(run: Path, who: CryptoSigner | None = None) -> Path:
    """A bundle of the run's record as it is now, beside it."""
    place = (run.parent, f"{CONNECT}-{run.parent.name}-{run.name}")
    return sealed(files_of(run), RUN, {}, Signing([who or signer()], now=lambda: NOW), place).path


def data(drawn: str) -> list[object]:
    """What a page says that is no word of a language: its elements, links, times, states, drawing and names of folders."""
    kept = ("class", "href", "datetime", "x", "y", "width", "height", "style")
    return [(tag, [seen.get(name) for name in kept]) for tag, seen in body(drawn).elements]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_there_is(outputs: Path, language: Language) -> None:
    drawn = page(outputs, language)
    text = body(drawn).text

    assert f'<html lang="{language}">' in drawn
    assert STATUS["fleet"].say(language, tenants=6, runs=7) in text
    for count, asked in ((3, "act"), (2, "wait"), (1, "fine")):
        assert STATUS["group"].say(language, name=STATUS[asked].say(language), count=count) in text
    for name in ("damaged-count", "stopped-count", "future-count", "no-runbook-count"):
        assert STATUS[name].say(language, count=1) in text
    assert "runbook resume " in text
    for level in ("L2", "L3", "none", ""):
        assert LADDER_WORDS[level].say(language) in text
    assert STATUS["live"].say(language, count=4) in text
    assert STATUS["lab"].say(language, count=1) in text
    assert STATUS_WORDS["unknown"].say(language) in text


def test_both_languages_say_the_same_of_the_same(outputs: Path) -> None:
    english, french = (page(outputs, language) for language in LANGUAGES)
    numbers = [re.findall(r"<b>(\d+)</b>|<td>(\d+)</td>|× (\d+)", drawn) for drawn in (english, french)]

    assert data(english) == data(french)
    assert numbers[0] == numbers[1]
    assert english != french


def test_a_damaged_record_is_on_the_page_with_what_is_wrong_but_not_with_where_it_lies(outputs: Path) -> None:
    """Also when a newer run of the tenant is sound."""
    run_of(outputs, "dora", *all_steps("compliant"), finished(), ago=timedelta(minutes=1))

    text = body(page(outputs)).text

    assert "dora/" in text
    assert STATUS["pill-damaged"].en in text
    assert str(outputs) not in text


def test_a_record_without_a_damage_is_not_said_to_have_one(tmp_path: Path) -> None:
    run_of(tmp_path, "anna", *all_steps("compliant"), finished())
    text = body(page(tmp_path)).text

    assert STATUS["sound"].en in text
    assert STATUS["damaged"].en not in text
    assert STATUS["stopped"].en not in text


def test_what_is_dated_in_the_future_has_no_age_and_is_in_no_bar(tmp_path: Path) -> None:
    run_of(tmp_path, "emil", *all_steps("compliant"), finished(), level="L3", ago=-timedelta(days=30))
    drawn = page(tmp_path)

    assert "<svg" not in drawn
    assert f"{STATUS['age-future'].en} <b>1</b>" in drawn
    assert "30 Dec 2026</time></td>" in drawn


def test_a_clock_that_is_a_little_ahead_is_no_trouble(tmp_path: Path) -> None:
    run_of(tmp_path, "emil", *all_steps("compliant"), finished(), ago=-timedelta(minutes=2))

    assert STATUS["pill-future"].en not in page(tmp_path)


def test_without_a_run_the_page_says_so(tmp_path: Path) -> None:
    assert STATUS["empty"].fr in body(page(tmp_path, "fr")).text


def test_the_page_is_the_same_whenever_it_is_drawn(outputs: Path) -> None:
    assert page(outputs) == page(outputs)


def test_drawing_the_page_leaves_the_records_as_they_are(outputs: Path) -> None:
    def seen() -> list[tuple[str, int, bytes]]:
        files = sorted(path for path in outputs.rglob("*") if path.is_file())
        return [(str(path), path.stat().st_mtime_ns, path.read_bytes()) for path in files]

    before = seen()
    page(outputs)

    assert seen() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_runs_nothing_and_fetches_nothing(outputs: Path, language: Language) -> None:
    drawn = page(outputs, language)

    assert not re.search(r"<(script|link|img|image|iframe|object|embed|use|form)\b", drawn)
    assert "default-src 'none'" in drawn
    assert [found[0] for found in ADDRESS.finditer(drawn)] == []


def test_links_lead_from_where_the_page_lies_to_what_is_there(outputs: Path, tmp_path: Path) -> None:
    """To the report in the page's language when there is one, and with every sign quoted that means something in an address."""
    folder = outputs / "a b#c%20?d&é"
    run = run_of(outputs, "gina", *all_steps("compliant"), finished())
    for name in ("report.en.html", "report.fr.html", "notebook.ipynb"):
        (run / name).write_text("x", encoding="utf-8")
    run.parent.rename(folder)
    bundle = bundle_of(folder / run.name)
    place = outputs / "pages" / "deep"

    links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', page(outputs, "fr", place))

    assert [(place / unquote(address)).resolve() for address, _ in links] == [
        (folder / run.name / "report.fr.html").resolve(),
        (folder / run.name / "notebook.ipynb").resolve(),
        bundle.resolve(),
    ]
    assert [word for _, word in links] == [STATUS[f"link-{name}"].fr for name in ("report", "notebook", "bundle")]
    assert all(re.fullmatch(r"[\w./%~-]+", address) for address, _ in links)


def test_a_seal_is_what_the_bundle_beside_the_record_shows(tmp_path: Path) -> None:
    """The best of several counts."""
    run, who = run_of(tmp_path, "anna", *all_steps("compliant"), finished()), signer()
    trusting, doubting = (Trust(roster(each)) for each in (who, signer()))
    assert seal_of(run, trusting).state is SealState.NONE

    first = bundle_of(run, who)
    assert [seal_of(run, trust).state for trust in (None, trusting, doubting)] == ["sealed", "verified", "untrusted"]
    (run / "attested-1").mkdir()
    (run / "attested-1" / "attestation.yml").write_text("plan: x\n", encoding="utf-8")
    assert [seal_of(run, trust).state for trust in (None, trusting)] == ["outdated", "outdated"]
    second = bundle_of(run, who)
    assert (seal_of(run).state, seal_of(run).bundle) == (SealState.SEALED, second)

    for bundle in (first, second):
        content = bytearray(bundle.read_bytes())
        content[len(content) // 2] ^= 1
        bundle.write_bytes(content)
    assert [seal_of(run, trust).state for trust in (None, trusting)] == ["broken", "broken"]


def test_a_good_bundle_under_the_name_of_another_is_broken(tmp_path: Path) -> None:
    run = run_of(tmp_path, "anna", *all_steps("compliant"), finished())
    bundle = bundle_of(run)
    bundle.rename(bundle.with_name(f"{bundle.name[: -len('0123456789ab.zip')]}0123456789ab.zip"))

    assert seal_of(run).state is SealState.BROKEN


def test_the_bundle_of_another_run_seals_nothing(tmp_path: Path) -> None:
    run = run_of(tmp_path, "anna", *all_steps("compliant"), finished())
    other = run_of(tmp_path, "anna", *all_steps("verified"), finished(), ago=timedelta(days=1))
    bundle_of(other)

    assert seal_of(run).state is SealState.NONE
    assert STATUS["unsealed-count"].say("en", count=1, total=2) in page(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_how_each_run_is_sealed_and_names_what_is_wrong_on_top(
    tmp_path: Path, language: Language
) -> None:
    who = signer()
    for tenant in ("anna", "bert"):
        bundle = bundle_of(
            run_of(tmp_path, tenant, *all_steps("compliant"), finished()), who if tenant == "anna" else None
        )
        sha256 = hashlib.sha256(bundle.read_bytes()).hexdigest()
        facts = {"target": "folder:evidence", "name": bundle.name, "sha256": sha256}
        keep_receipt(bundle, Receipt(facts, was_there=False, uploads=1), [who], NOW)

    drawn = page(tmp_path, language, trust=Trust(roster(who)))
    without = page(tmp_path, language)

    assert f"<td>{STATUS['seal-verified'].say(language)}<div" in drawn
    assert f"<td>{STATUS['seal-untrusted'].say(language)}<div" in drawn
    assert STATUS["untrusted-count"].say(language, count=1) in body(drawn).text
    assert STATUS["unsealed-count"].say(language, count=1, total=2) in body(drawn).text
    assert without.count(f"<td>{STATUS['seal-sealed'].say(language)}<div") == 2
    assert without.count(f">{STATUS['receipts'].say(language, count=1)}</div>") == 2


def names(text: str) -> str:
    """A text as the name of a folder: what no file system takes is left out."""
    plain = re.sub(r"[/\0]", "∕", text).encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore")
    return plain if plain.strip(".") else "x"


@given(text=HOSTILE | st.sampled_from(BITES))
@settings(max_examples=15)
def test_no_name_of_a_folder_becomes_part_of_the_page(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same page with a harmless name has the same elements, and no link leads elsewhere."""
    drawn = []
    for name in (names(text), "x"):
        outputs = tmp_path_factory.mktemp("outputs")
        run = run_of(outputs, "anna", *judged(c1="blocked"), ("sending", {}), level="L2")
        (run / "notebook.ipynb").write_text("{}", encoding="utf-8")
        (run.parent / run.name).rename(run.parent / f"{name}-1")
        run.parent.rename(outputs / name)
        drawn.append(page(outputs))
    spiced, plain = map(body, drawn)

    assert spiced.shape == plain.shape
    assert spiced.strange == []
    assert all(seen["href"].endswith("-1/notebook.ipynb") for tag, seen in spiced.elements if tag == "a")
    assert not any(re.match(r"[a-z]+:", seen["href"], re.IGNORECASE) for tag, seen in spiced.elements if tag == "a")


def test_a_name_that_is_no_text_still_has_its_place_and_its_link(tmp_path: Path) -> None:
    run = run_of(tmp_path, "anna", *all_steps("compliant"), finished())
    (run / "notebook.ipynb").write_text("{}", encoding="utf-8")
    run.parent.rename(tmp_path / os.fsdecode(b"caf\xe9"))

    drawn = page(tmp_path)

    assert "caf%E9/" in drawn
    assert b"caf?" in drawn.encode()


def test_in_a_large_fleet_what_is_in_order_is_folded_and_what_is_not_comes_first(tmp_path: Path) -> None:
    for number in range(LONGEST_OPEN + 1):
        run_of(tmp_path, f"tenant-{number:03}", *all_steps("compliant"), finished())
    run_of(tmp_path, "zoe", *judged(c1="blocked"), finished(1))

    drawn = page(tmp_path)

    assert re.findall(r"<details( open)?><summary>(\w+)", drawn[drawn.index('id="tenants"') :]) == [
        (" open", "Calls"),
        ("", "In"),
        ("", "Turn"),
    ]
    assert drawn.index(">zoe<") < drawn.index(">tenant-000<")
    assert drawn.rindex(">zoe<") < drawn.rindex(">tenant-000<")


def test_the_chart_has_a_title_a_description_and_all_its_numbers_in_a_table(outputs: Path) -> None:
    drawn = page(outputs)
    chart = drawn[drawn.index('<section class="chart"') : drawn.index('<section aria-labelledby="tenants"')]
    svg = chart[chart.index('<svg viewBox="0 0 7') :]
    named = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', svg)

    assert named is not None
    assert f'<title id="{named[1]}">' in svg
    assert f'<desc id="{named[2]}">' in svg
    last_row = chart[chart.rindex("<tr>") :]
    assert re.findall(r"<td>(\d+)</td>", last_row) == ["0", "0", "1", "0", "0", "1", "2"]
    assert WORDS["ladder"].en in Markup(drawn[drawn.index("<main>") :]).text
