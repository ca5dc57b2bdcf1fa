"""The calendar: what a client takes for new, what it is told to take away, and clients that read it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import create, ics, method, note, outlook, stamps, sync
from reconnect_md.outlook import Frame, Notes, Outlook
from reconnect_md.settings import Settings
from reconnect_md.vault import Vault, shipped_templates

METHOD, _ = method.read(shipped_templates(), {})
MONDAY = Date(2026, 1, 12)
NOTE = """\
---
interviewed: 2026-01-07T14:00
company: Acme
interviewers: [Ana Rivera]
phone: "+1 512 555 0142"
timezone: America/Chicago
call_again:
outcome:
card_sent: 2026-01-07
fix_call:
add_call:
---
## What went well
- The tour

## Said, but wish I had not
- Why I left
  - Better: I had done it

## Did not say, but wish I had
- I can weld

## Requirements I do not satisfy
- none
"""


def look(text: str, today: Date = MONDAY, broken: frozenset[str] = frozenset(), **chosen: str) -> Outlook:
    found, _ = note.parse("Acme.md", text, METHOD)
    notes = Notes({"Acme.md": found} if found else {}, {}, (), broken)
    return outlook.outlook(notes, Frame(Settings(me="Jo", **chosen), METHOD, (), {}), today)  # type: ignore[arg-type]


def events(data: bytes) -> dict[str, icalendar.Component]:
    """By the step in their ids; the interview's is empty."""
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return {re.sub(r"\w+-\w{4}-?", "", str(one["UID"]).partition("@")[0], count=1): one for one in found}


def day(one: icalendar.Component) -> str:
    return str(one.decoded("DTSTART"))


def version(one: icalendar.Component) -> tuple[int, date]:
    return one.decoded("SEQUENCE"), one.decoded("DTSTAMP")


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_a_moved_call_is_newer_and_nothing_else_is() -> None:
    first = ics.calendar(look(NOTE), b"")
    again = ics.calendar(look(NOTE.replace("fix_call:", "fix_call: 2026-01-12")), first)
    then, now = events(first), events(again)
    assert (day(then["fix"]), day(then["add"])) == ("2026-01-12", "2026-01-15")
    assert (day(now["fix"]), str(now["fix"]["SUMMARY"])[:5]) == ("2026-01-12", "Done:")
    assert version(now["fix"]) > version(then["fix"]) and not now["fix"].subcomponents
    assert now["card"].to_ical() == then["card"].to_ical()
    moved = events(ics.calendar(look(NOTE.replace("call_again:", "call_again: 2026-01-20")), again))
    assert day(moved["fix"]) == "2026-01-20" and version(moved["fix"]) > version(now["fix"])


def test_on_another_day_nothing_differs_but_what_moves() -> None:
    first = ics.calendar(look(NOTE, Date(2026, 1, 8)), b"")
    assert ics.calendar(look(NOTE, Date(2026, 1, 9)), first) == first, "the calls wait"
    late = events(ics.calendar(look(NOTE, Date(2026, 1, 14)), first))
    assert (day(late["fix"]), day(late["add"])) == ("2026-01-14", "2026-01-19"), "a late call is one of today"
    assert version(late["card"]) == version(events(first)["card"])
    saturday = events(ics.calendar(look(NOTE, Date(2026, 1, 17)), first))
    assert day(saturday["fix"]) == "2026-01-19", "nobody is called on a Saturday"


def test_later_is_greater_though_the_file_was_lost_or_git_spoilt_it() -> None:
    first = ics.calendar(look(NOTE), b"")
    moved = NOTE.replace("call_again:", "call_again: 2026-01-20")
    for before in (b"", b"<<<<<<< HEAD\n" + first + b"=======\n" + first + b">>>>>>> theirs\n", first[:900]):
        again = ics.calendar(look(moved, MONDAY.add(days=1)), before)
        assert version(events(again)["fix"]) > version(events(first)["fix"])
        assert ics.is_ours(before)


def test_what_is_not_to_take_place_is_cancelled_and_forgotten_after_weeks() -> None:
    first = ics.calendar(look(NOTE), b"")
    for said in ("fix_call:", "fix_call: skipped"), ("outcome:", "outcome: offer"):
        ended = ics.calendar(look(NOTE.replace(*said), MONDAY.add(days=1)), first)
        gone = events(ended)["fix"]
        assert gone["STATUS"] == "CANCELLED" and str(gone["SUMMARY"]).startswith("Cancelled: Call Ana Rivera")
        assert version(gone) > version(events(first)["fix"]) and not gone.subcomponents
        later = ics.calendar(look(NOTE.replace(*said), MONDAY.add(days=40)), ended)
        assert version(events(later)["fix"]) == version(gone), "cancelled once"
        assert "fix" not in events(ics.calendar(look(NOTE.replace(*said), MONDAY.add(days=44)), later))
        back = events(ics.calendar(look(NOTE, MONDAY.add(days=1)), ended))["fix"]
        assert back["STATUS"] == "CONFIRMED" and version(back) > version(gone)


def test_of_a_note_that_is_gone_all_is_cancelled_and_of_one_that_cannot_be_read_nothing() -> None:
    first = ics.calendar(look(NOTE), b"")
    assert {str(one["STATUS"]) for one in events(ics.calendar(look(""), first)).values()} == {"CANCELLED"}
    assert ics.calendar(look("", broken=frozenset({"Acme.md"})), first) == first
    assert ics.calendar(look(""), first, unsure=True) == first


def test_what_took_place_stays_for_weeks_and_goes_without_a_word() -> None:
    made = NOTE.replace("fix_call:", "fix_call: 2026-01-12")
    first = ics.calendar(look(made), b"")
    later = events(ics.calendar(look(made, Date(2026, 2, 18)), first))
    assert "" in later and later["fix"].to_ical() == events(first)["fix"].to_ical()
    assert events(ics.calendar(look(made, Date(2026, 3, 2)), first)).keys() == {"add"}


def test_a_time_is_that_of_their_clock() -> None:
    """Also through the time zone in the file, for clients that do not know its name."""
    at_nine = NOTE.replace("call_again:", "call_again: 2026-07-13T09:30")
    data = ics.calendar(look(at_nine, timezone="Europe/Berlin"), b"")
    assert events(data)["fix"].decoded("DTSTART").astimezone(UTC) == datetime(2026, 7, 13, 14, 30, tzinfo=UTC)
    unknown = icalendar.Calendar.from_ical(data.replace(b"America/Chicago", b"Elsewhere/Town"))
    found = [one.decoded("DTSTART") for one in unknown.walk("VEVENT") if "-fix" in str(one["UID"])]
    assert [one.astimezone(UTC).hour for one in found] == [14]
    ours = ics.calendar(look(at_nine.replace("timezone: America/Chicago\n", ""), timezone="Europe/Berlin"), b"")
    assert events(ours)["fix"].decoded("DTSTART").astimezone(UTC).hour == 7, "without their zone, the settings'"
    utc = look(at_nine.replace("timezone: America/Chicago\n", ""))
    assert b"DTSTART:20260713T093000Z" in ics.calendar(utc, b"")
    late = events(ics.calendar(look(at_nine, Date(2026, 7, 14)), data))["fix"]
    assert day(late) == "2026-07-14", "the time was that of its day"


def test_a_time_with_an_offset_is_read_as_that_of_the_interview() -> None:
    found, problems = note.parse("n.md", NOTE.replace("call_again:", "call_again: 2026-01-13T01:30Z"), METHOD)
    assert found and (found.call_again, found.call_at) == (MONDAY, "19:30")
    assert not [one for one in problems if one.severity != "hint"]


NASTY = ["\r\nBEGIN:VEVENT\r\n", "\nEND:VCALENDAR", "\u2028BEGIN:VEVENT", "\x85END:VEVENT", "\x0b", "\x00", "\x1b[2J"]
NASTY += [
    ";",
    ",",
    "\\",
    "\\n",
    ":",
    '"',
    "=",
    "^",
    "😀" * 30,
    "é",
    "\t",
    " ",
    "BEGIN:VEVENT",
    "\ud800",
    "x" * 74,
    "\r",
]
WORDS = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), max_size=6).map("".join)


@settings(deadline=None, max_examples=20)
@given(WORDS, WORDS, WORDS)
def test_words_stay_words(company: str, name: str, answer: str) -> None:
    """Whatever they are, the file has as many events as without them, whole lines, and is the same once it was read."""
    plain = look(NOTE)
    found = next(iter(plain.notes.evaluations.values()))
    items = {key: tuple(one._replace(answer=answer) for one in asked) for key, asked in found.items.items()}
    person = found.interviewers[0]._replace(name=name)
    odd = replace(found, company=company, interviewers=(person,), items=items)
    seen = outlook.outlook(Notes({"Acme.md": odd}, {}, (), frozenset()), plain.frame, MONDAY)
    data = ics.calendar(seen, b"")
    assert len(events(data)) == len(events(ics.calendar(plain, b"")))
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
    assert data.decode().splitlines() == data.decode().split("\r\n")[:-1], "for readers that part lines at other signs"
    assert sum(line == "BEGIN:VEVENT" for line in unfolded(data)) == len(events(data))
    assert ics.calendar(seen, data) == data


MOVED = ics.calendar(look(NOTE.replace("call_again:", "call_again: 2026-01-20T10:00")), b"")


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_a_file_that_somebody_has_been_at_harms_nothing(data: st.DataObject) -> None:
    """Whatever became of it: what is planned is in the new one, which is then at rest."""
    first, seen = bytearray(MOVED), look(NOTE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(first)))
        new = data.draw(
            st.sampled_from([b"", b"\r\n", b"\xff", b"0", b":", b";", b"DTSTAMP:1\r\n", b"SEQUENCE:-9\r\n"])
        )
        first[at : at + data.draw(st.integers(0, 30))] = new
    again = ics.calendar(seen, bytes(first))
    assert {"", "card", "fix", "add"} <= events(again).keys()
    assert day(events(again)["fix"]) == "2026-01-12"
    assert ics.calendar(seen, again) == again


@pytest.mark.parametrize("text", ["SEQUENCE:9999999999999999999", "SEQUENCE:x", "DTSTAMP:x", "DTSTART:99991231T000000Z",
                                  "DTSTAMP:20260101T000000Z\r\nDTSTAMP:20260102T000000Z", "UID:x", "UID:a\r\nUID:b",
                                  "RRULE:FREQ=SECONDLY", "DTSTART;TZID=Nowhere/Else:20260112T100000"])  # fmt: skip
def test_an_event_that_is_none_of_ours_any_more_is_made_anew(text: str) -> None:
    first = ics.calendar(look(NOTE), b"").decode()
    name = re.match(r"\w+", text)[0]  # type: ignore[index]
    for whole in (
        re.sub(rf"^{name}[;:].*$", lambda _: text, first, flags=re.MULTILINE),
        first.replace("STATUS:", text),
    ):
        for seen in (look(NOTE), look("", broken=frozenset({"Acme.md"}))):
            again = ics.calendar(seen, whole.encode())
            assert ics.calendar(seen, again) == again


# --- beside the agenda ---------------------------------------------------------------------------------------


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\ncalendar: Reconnect\n---\n")
    (tmp_path / "Acme.md").write_text(NOTE)
    return Vault(tmp_path)


def test_every_pass_keeps_it(vault: Vault) -> None:
    path = vault.root / "Reconnect.ics"
    looked = sync.run(vault, MONDAY, write=False)
    assert [one.name for one in looked.changes] == ["Agenda.md", "Reconnect.ics"] and not path.exists()
    sync.run(vault, MONDAY)
    first = path.read_bytes()
    assert not sync.run(vault, MONDAY).changes
    agenda = vault.root / "Agenda.md"
    agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "- [x] Call"), "utf-8")
    made = sync.run(vault, MONDAY)
    assert {one.name for one in made.changes} == {"Acme.md", "Agenda.md", "Reconnect.ics"}
    assert str(events(path.read_bytes())["fix"]["SUMMARY"]).startswith("Done:") and path.read_bytes() != first
    path.unlink()
    assert [one.name for one in sync.run(vault, MONDAY).changes] == ["Reconnect.ics"]
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert not sync.run(vault, MONDAY).changes, "git may turn the ends of lines"


def test_it_speaks_the_language_of_the_agenda(vault: Vault) -> None:
    settings = vault.root / "Reconnect.md"
    settings.write_text(settings.read_text().replace("me: Jo", "me: Jo\nlanguage: de"))
    made = sync.run(vault, MONDAY).calendar
    found = events(made.new) if made else {}
    assert str(found["fix"]["SUMMARY"]) == "Ana Rivera, Acme anrufen: eine Antwort verbessern"
    assert str(found[""]["SUMMARY"]) == "Gespräch: Acme" and "+1 512-555-0142 (tel:+15125550142)" in str(
        found["fix"]["DESCRIPTION"]
    )


def test_two_devices_write_the_same(vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(vault.root, other, dirs_exist_ok=True)
    for today in (MONDAY, MONDAY.add(days=2), MONDAY.add(days=9)):
        for one in (vault, Vault(other)):
            sync.run(one, today)
        assert (other / "Reconnect.ics").read_bytes() == (vault.root / "Reconnect.ics").read_bytes()


def test_no_watcher_wakes_up_because_of_it(vault: Vault) -> None:
    """Else two devices that differ in something would write over each other's for ever."""
    made, frame = sync.run(vault, MONDAY), outlook.frame(vault)
    known = stamps.with_ours(vault, stamps.take(vault, frame), made.changes)
    (vault.root / "Reconnect.ics").write_bytes(b"")
    assert not stamps.changed(known, stamps.take(vault, frame))


def test_who_wants_no_calendar_does_not_wait_for_its_library(vault: Vault) -> None:
    (vault.root / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\n---\n")
    for command in ("agenda", "plan"):
        program = [sys.executable, "-X", "importtime", "-m", "reconnect_md", command, str(vault.root)]
        loaded = subprocess.run(program, capture_output=True, check=True).stderr
        assert b"reconnect_md.ics" in loaded and b"icalendar" not in loaded


def test_two_calendars_merge_in_git(vault: Vault) -> None:
    """Whatever git makes of the files of two devices, the next pass makes the calendar of it."""
    root = vault.root

    def git(*words: str) -> None:
        who = ("-c", "user.name=Jo", "-c", "user.email=jo@localhost", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", root, *who, *words], check=True, capture_output=True)

    git("init", "-q", "-b", "one")
    create.merge_in_git(vault, "Agenda.md", "Reconnect.ics")
    sync.run(vault, MONDAY)
    git("add", "-A")
    git("commit", "-qm", "one")
    for branch, today in ("two", MONDAY.add(days=3)), ("three", MONDAY.add(days=4)):
        git("checkout", "-q", "-b", branch, "one")
        sync.run(vault, today)
        git("add", "Reconnect.ics")
        git("commit", "-qm", branch, "Reconnect.ics")
        git("checkout", "-q", "Agenda.md")
    git("merge", "-q", "--no-edit", "two")
    sync.run(vault, MONDAY.add(days=4))
    found = events((root / "Reconnect.ics").read_bytes())
    assert found.keys() == {"", "card", "fix", "add"} and day(found["fix"]) == "2026-01-16"
    assert not sync.run(vault, MONDAY.add(days=4)).changes


def test_of_a_note_with_an_error_the_events_stay(vault: Vault) -> None:
    sync.run(vault, MONDAY)
    before = (vault.root / "Reconnect.ics").read_bytes()
    (vault.root / "Acme.md").write_text(NOTE.replace("2026-01-07T14:00", "soon"))
    sync.run(vault, MONDAY.add(days=1))
    assert (vault.root / "Reconnect.ics").read_bytes() == before


def test_one_that_cannot_be_read_is_a_problem_and_the_agenda_is_written(vault: Vault) -> None:
    (vault.root / "Reconnect.ics").mkdir()
    made = sync.run(vault, MONDAY)
    assert [(one.code, one.note) for one in made.problems if one.severity == "error"] == [
        ("unreadable", "Reconnect.ics")
    ]
    assert (vault.root / "Agenda.md").exists()


# --- real clients --------------------------------------------------------------------------------------------


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


Client = Callable[..., str]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """Runs one in a home of its own, in UTC."""

    def run(*words: str | Path, typed: str = "") -> str:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            list(map(str, words)), env=env, input=typed, capture_output=True, encoding="utf-8", timeout=60
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout + done.stderr

    return run


TIMED = NOTE.replace("call_again:", "call_again: 2026-01-13T10:30")
ODD = TIMED.replace("company: Acme", 'company: "Acme, \\\\; BEGIN:VEVENT 😀 \\u2028END:VEVENT"')


def written(folder: Path, text: str = ODD, before: bytes = b"", todos: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "calls.ics").write_bytes(ics.calendar(look(text), before, todos=todos))
    return folder / "calls.ics"


@needs("khal")
def test_khal_imports_it_twice_and_shows_what_was_cancelled(tmp_path: Path, client: Client) -> None:
    (tmp_path / "config").write_text(
        f"[calendars]\n[[job]]\npath = {tmp_path}/job\n[sqlite]\npath = {tmp_path}/khal.db\n[locale]\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
        "longdatetimeformat = %Y-%m-%d %H:%M\ntimeformat = %H:%M\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
    )
    (tmp_path / "job").mkdir()
    khal = ("khal", "-c", tmp_path / "config")

    def imported(path: Path) -> list[str]:
        client(*khal, "import", "--batch", "-a", "job", path)
        shown = client(*khal, "list", "--format", "{start-time}|{title}|{uid}|{description}", "2026-01-07", "30d")
        return [line for line in shown.splitlines() if "@reconnect-md" in line]

    file = written(tmp_path / "ours")
    first = imported(file)
    assert len(first) == 4 == len(list((tmp_path / "job").iterdir())) and imported(file) == first, "no double"
    assert sum(line.startswith("16:30|Call Ana Rivera, Acme") and "BEGIN:VEVENT 😀" in line for line in first) == 1
    again = imported(written(tmp_path / "ours", ODD.replace("fix_call:", "fix_call: skipped"), file.read_bytes()))
    assert len(again) == 4 and sum("Cancelled: Call Ana Rivera" in line for line in again) == 1


@needs("vdirsyncer")
def test_vdirsyncer_has_nothing_to_do_where_nothing_changed(tmp_path: Path, client: Client) -> None:
    file = written(tmp_path / "ours")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "config").write_text(
        f'[general]\nstatus_path = "{tmp_path}/status"\n[pair job]\na = "ours"\nb = "theirs"\ncollections = null\n'
        f'[storage ours]\ntype = "singlefile"\npath = "{file}"\nread_only = true\n'
        f'[storage theirs]\ntype = "filesystem"\npath = "{tmp_path}/theirs"\nfileext = ".ics"\n'
    )
    vdirsyncer = ("vdirsyncer", "-c", tmp_path / "config")
    client(*vdirsyncer, "discover", typed="y\n" * 9)
    assert client(*vdirsyncer, "sync").count("Copying") == 4 == len(list((tmp_path / "theirs").iterdir()))
    assert "Copying" not in client(*vdirsyncer, "sync")
    data = ics.calendar(look(ODD), file.read_bytes())
    assert ics.calendar(look(ODD), b"") == data, "it may put the same events in another order, and they stay the same"
    written(tmp_path / "ours", ODD.replace("fix_call:", "fix_call: 2026-01-12"), data)
    moved = client(*vdirsyncer, "sync")
    assert moved.count("Copying (updating)") == 2, "the call that was made, and the one that counts from it"


@needs("calcurse")
def test_calcurse_imports_it_with_their_time(tmp_path: Path, client: Client) -> None:
    said = client("calcurse", "-D", tmp_path / "cal", "-i", written(tmp_path / "ours"))
    assert "4 events" in " ".join(said.split()).replace("2 apps / 2 events", "4 events") and "0 skipped" in said
    shown = client("calcurse", "-D", tmp_path / "cal", "-Q", "--from", "01/07/2026", "--days", "30")
    assert "16:30 -> 16:45" in shown and shown.count("Call Ana Rivera") == 2


@pytest.mark.skipif(not (shutil.which("todoman") or shutil.which("todo")), reason="todoman is not installed")
def test_todoman_lists_what_is_to_do_and_what_is_done(tmp_path: Path, client: Client) -> None:
    config = tmp_path / "config.py"
    config.write_text(f'path = "{tmp_path}/our*"\ndate_format = "%Y-%m-%d"\ncache_path = "{tmp_path}/todo.db"\n')
    written(tmp_path / "ours", todos=True)
    todoman = (shutil.which("todoman") or "todo", "--config", config, "list")
    listed = client(*todoman)
    assert listed.count("[ ]") == 2 and "2026-01-13 16:30" in listed and "Call Ana Rivera" in listed
    assert client(*todoman) == listed
    assert "Done: Send a thank-you card" in client(*todoman, "--status", "COMPLETED")
