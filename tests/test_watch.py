"""A real watcher in a process of its own: whatever is saved, lost, or set, its agenda is right in the end."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pendulum
import pytest

from benchmarks import lost, saves, soak
from benchmarks.watching import Clock, Watching, command, make, there
from reconnect_md import settings
from reconnect_md.notify import Daily
from reconnect_md.outlook import frame
from reconnect_md.resident import Resident
from reconnect_md.vault import Vault

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and programs of POSIX systems")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    make(tmp_path / "vault", settings="rescan: 5\n")
    return tmp_path / "vault"


@pytest.fixture
def watcher(vault: Path) -> Iterator[Watching]:
    with Watching(vault) as watcher:
        yield watcher


@pytest.mark.parametrize(
    "way", ["vim auto writebackup", "sed -i", "cp", "truncate, wait, write", "in two parts", "Syncthing", "git reset"]
)
def test_every_way_of_saving(way: str) -> None:
    program, _ = saves.WAYS[way]
    if program and not there(program):
        pytest.skip(f"{program} is not on this machine")
    assert saves.saving(way, 3, random.Random(7))


@pytest.mark.parametrize("told", ["no closing", "nothing"])
def test_a_note_in_parts_is_not_torn_where_nobody_tells_of_its_closing(told: str) -> None:
    assert saves.saving("in two parts", 3, random.Random(7), told)


@pytest.mark.parametrize("name", lost.CASES)
def test_what_the_system_does_not_tell_of(name: str) -> None:
    if why := lost.reason_to_skip(name):
        pytest.skip(why)
    lost.run(name, 6000)


def test_left_alone_for_a_while(tmp_path: Path) -> None:
    soak.soak(tmp_path / "vault", 10, 0, seed=3, period=5, look=0.5)


def test_our_own_writing_causes_no_pass(watcher: Watching) -> None:
    agenda = watcher.root / "Agenda.md"
    agenda.write_text(watcher.agenda().replace("- [ ] Call", "- [x] Call", 1), "utf-8")
    watcher.until(lambda: watcher.count("mark") == 1)
    (watcher.root / "Interviews" / ".N0.md.swp").write_text("an editor's own")
    (watcher.root / "Interviews" / "N0.md~").write_text("an editor's own")
    time.sleep(1)
    assert (watcher.count("written"), watcher.count("right")) == (2, 0)


def test_an_evaluation_at_the_top_of_the_vault_is_told_until_it_is_in_its_folder(watcher: Watching) -> None:
    note = watcher.root / "Echo.md"
    note.write_text(
        (watcher.root / "Interviews" / "N0.md").read_text("utf-8").replace("company: ", "company: Echo "), "utf-8"
    )
    watcher.until(lambda: "not in Interviews" in watcher.agenda())
    assert "Echo](" not in watcher.agenda().partition("## Needs attention")[0]
    note.rename(watcher.root / "Interviews" / "Echo.md")
    watcher.until(lambda: "not in Interviews" not in watcher.agenda() and watcher.is_right())
    assert "(Interviews/Echo.md)" in watcher.agenda()


def test_the_agenda_turns_at_midnight_and_when_the_clock_is_set(tmp_path: Path, vault: Path) -> None:
    clock = Clock(tmp_path, look=0.5)
    with Watching(vault, env=clock.env) as watcher:
        for offset in (timedelta(days=1), timedelta(days=9), timedelta(days=-1), timedelta(days=30)):
            clock.set(offset)
            watcher.until(lambda: soak.settled(watcher, clock) >= 0)
        assert {one["why"] for one in watcher.said() if one["event"] == "written"} == {"start", "a new day"}
        assert watcher.count("clock") == 4


def test_a_second_watcher_is_told_who_watches(watcher: Watching) -> None:
    second = subprocess.run(command("watch", str(watcher.root)), env=watcher.env, capture_output=True, encoding="utf-8")
    assert second.returncode == 2
    assert f"process {watcher.process.pid}, since 2" in second.stderr
    watcher.process.kill()
    watcher.process.wait()
    with Watching(watcher.root, env=watcher.env) as third:
        assert third.is_right()
    watcher.process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_watchers_of_two_machines_come_to_rest(tmp_path: Path, watcher: Watching) -> None:
    other = Watching(watcher.root, env={"XDG_CACHE_HOME": str(tmp_path / "of another machine")})
    other.log = tmp_path / "other.log"
    note, agenda = watcher.root / "Interviews" / "N0.md", watcher.root / "Agenda.md"
    with other:
        for number in range(8):
            note.write_text(note.read_text("utf-8").replace(f"aved {number}", f"aved {number + 1}"), "utf-8")
            if number == 4:
                agenda.write_text(watcher.agenda().replace("- [ ] Call", "- [>] Call", 1), "utf-8")
            time.sleep(0.2)
        watcher.until(lambda: "Saved 8]" in watcher.agenda() and watcher.is_right())
        time.sleep(1)
        writes = watcher.count("written") + other.count("written")
        time.sleep(2)
        assert watcher.count("written") + other.count("written") == writes
        assert not watcher.count("failed") + other.count("failed")
    assert note.read_text("utf-8").count("no answer") == 1


def test_watchers_that_do_not_agree_do_not_rewrite_each_others_agenda_for_ever(tmp_path: Path, vault: Path) -> None:
    settings = vault / "Reconnect.md"
    settings.write_text(settings.read_text("utf-8").replace("timezone: UTC\n", ""), "utf-8")
    note, agenda = vault / "Interviews" / "N0.md", vault / "Agenda.md"
    here = Watching(vault, env={"TZ": "Pacific/Kiritimati"})  # where it is never the day that it is in the other place
    there = Watching(vault, env={"TZ": "Pacific/Pago_Pago", "XDG_CACHE_HOME": str(tmp_path / "of another machine")})
    there.log = tmp_path / "there.log"
    with here, there:
        here.until(lambda: here.count("rival") + there.count("rival") > 0)
        time.sleep(1)
        before = agenda.read_bytes()
        time.sleep(2)
        assert agenda.read_bytes() == before
        agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "- [>] Call", 1), "utf-8")
        here.until(lambda: note.read_text("utf-8").count("no answer") == 1)
        time.sleep(2)
        before = agenda.read_bytes()
        time.sleep(1)
        assert agenda.read_bytes() == before and note.read_text("utf-8").count("no answer") == 1
    assert here.count("written") + there.count("written") < 40


def test_a_vault_that_is_away_is_waited_for_at_rest(watcher: Watching) -> None:
    away = watcher.root.with_name("away")
    watcher.root.rename(away)
    watcher.until(lambda: watcher.count("failed") == 1)
    watcher.root.mkdir()
    (watcher.root / ".hidden").write_text("what a mount point may hold")
    cpu, _, _ = watcher.usage()
    time.sleep(4)
    assert watcher.usage()[0] - cpu < 1, "it spins"
    assert [one.name for one in watcher.root.iterdir()] == [".hidden"]
    (watcher.root / ".hidden").unlink()
    watcher.root.rmdir()
    away.rename(watcher.root)
    (watcher.root / "Interviews" / "N0.md").write_text(
        (watcher.root / "Interviews" / "N0.md").read_text("utf-8").replace("Saved 0", "Back"), "utf-8"
    )
    watcher.until(lambda: "Back]" in watcher.agenda())


def test_a_note_that_is_emptied_again_and_again_harms_only_itself(watcher: Watching) -> None:
    folder = watcher.root / "Interviews"
    text = (folder / "N0.md").read_text("utf-8")
    (folder / "Emptied.md").write_text(text.replace("Saved 0", "Emptied"), "utf-8")
    watcher.until(lambda: "Emptied]" in watcher.agenda())
    (folder / "N1.md").write_text(text.replace("Saved 0", "Beside it"), "utf-8")

    def emptied() -> bool:
        (folder / "Emptied.md").write_text("", "utf-8")
        time.sleep(1)
        return "Beside it]" in watcher.agenda()

    watcher.until(emptied)
    assert "Emptied]" in watcher.agenda()


def test_a_folder_that_is_missing_is_noticed_when_it_is_made(watcher: Watching) -> None:
    folder, away = watcher.root / "Interviews", watcher.root.with_name("Interviews away")
    folder.rename(away)
    watcher.until(lambda: "no folder Interviews" in watcher.agenda() and "Saved 0]" in watcher.agenda())
    away.rename(folder)
    watcher.until(lambda: "no folder" not in watcher.agenda() and "As they stood" not in watcher.agenda())
    (watcher.root / "Reconnect.md").write_text(
        (watcher.root / "Reconnect.md").read_text("utf-8").replace("me:", "templates: Words\nme:"), "utf-8"
    )
    watcher.until(lambda: "no folder Words" in watcher.agenda())
    (watcher.root / "Words").mkdir()
    watcher.until(lambda: "no folder Words" not in watcher.agenda())
    assert not watcher.count("unheard") + watcher.count("polling")


@pytest.mark.skipif(not there("strace"), reason="no strace")
def test_a_pass_that_fails_is_not_made_again_at_each_look(tmp_path: Path) -> None:
    make(root := tmp_path / "vault")
    (root / "Agenda.md").write_text("my own agenda")
    for name in ("Agenda.md", "Interviews/N0.md"):
        os.utime(root / name, (0, 0))
    watcher = Watching(root, "--poll")
    watcher.log.touch()
    with watcher.log.open("wb") as log:
        process = subprocess.Popen(["strace", "-f", "-e", "trace=openat", *watcher.words], stderr=log, env=watcher.env)
    try:
        time.sleep(9)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    assert watcher.log.read_text("utf-8", "replace").count("/N0.md") <= 2


def test_a_templates_folder_that_is_away_leaves_its_steps_in_force(watcher: Watching) -> None:
    folder, settings = watcher.root / "My steps", watcher.root / "Reconnect.md"
    folder.mkdir()
    shipped = (Path(__file__).parent.parent / "templates" / "fix.md").read_text("utf-8")
    (folder / "fix.md").write_text(shipped.replace("Fix an answer", "Mend an answer"), "utf-8")
    settings.write_text(settings.read_text("utf-8").replace("me:", "templates: My steps\nme:"), "utf-8")
    watcher.until(lambda: "mend an answer" in watcher.agenda())
    folder.rename(watcher.root / ".away")
    watcher.until(lambda: "no folder My steps" in watcher.agenda())
    assert "mend an answer" in watcher.agenda()


def test_wrong_settings_leave_the_last_good_ones_in_force(watcher: Watching) -> None:
    path = watcher.root / "Reconnect.md"
    good = path.read_text("utf-8")
    path.write_text(good.replace("me: Jordan", "me: Jordan\nregion: Atlantis\nhorizon: 3"), "utf-8")
    watcher.until(lambda: "Atlantis" in watcher.agenda())
    path.write_text(good.replace("me: Jordan", "me: [Jordan"), "utf-8")
    watcher.until(lambda: "Reconnect.md" in watcher.agenda().partition("## Needs attention")[2])
    time.sleep(0.5)
    assert "this is Jordan" in watcher.agenda()
    step = watcher.root / "Templates" / "Reconnect" / "fix.md"
    step.parent.mkdir(parents=True)
    path.write_text(good, "utf-8")
    watcher.until(lambda: "## Needs attention" not in watcher.agenda())
    shipped = (Path(__file__).parent.parent / "templates" / "fix.md").read_text("utf-8")
    step.write_text(shipped.replace("Fix an answer", "Mend an answer"), "utf-8")
    watcher.until(lambda: "mend an answer" in watcher.agenda())
    step.write_text("---\nstep: fix\n---\n", "utf-8")
    watcher.until(lambda: "fix.md" in watcher.agenda().partition("## Needs attention")[2])
    assert "mend an answer" in watcher.agenda()


def test_each_setting_falls_back_to_what_was_good(tmp_path: Path) -> None:
    note = tmp_path / "Reconnect.md"
    note.write_text("---\nregion: US-TX\nhorizon: 5\ndays_off: 2026-12-24\ntimezone: Asia/Tokyo\n---\n", "utf-8")
    good = frame(Vault(tmp_path))
    note.write_text(
        "---\nme: New\nregion: Mars\nhorizon: soon\ndays_off: [soon, 2027-01-04]\ntimezone: x\n---\n", "utf-8"
    )
    now = frame(Vault(tmp_path), good).settings
    assert (now.me, now.region, now.horizon, now.timezone) == ("New", "US-TX", 5, "Asia/Tokyo")
    assert [str(first) for first, _ in now.days_off] == ["2027-01-04", "2026-12-24"]
    note.write_text("---\nme: Empty\n---\n", "utf-8")
    assert frame(Vault(tmp_path), good).settings.region is None
    for text, codes in (("", ["no-settings"]), ("---\nregion: US-TX\ninterviews: Nowhere\n---\n", ["no-folder"])):
        note.write_text(text, "utf-8")
        now_in_force = frame(Vault(tmp_path), good)
        assert [one.code for one in now_in_force.problems] == codes
        assert (now_in_force.settings.region, now_in_force.settings.interviews) == ("US-TX", ".")
    assert settings.read("---\nnotify: 8.05\n---\n", "UTC")[0].notify == "08:05"


def test_what_cannot_be_read_leaves_the_last_good_ones_in_force(watcher: Watching) -> None:
    path, step = watcher.root / "Reconnect.md", watcher.root / "Templates" / "Reconnect" / "fix.md"
    shipped = (Path(__file__).parent.parent / "templates" / "fix.md").read_text("utf-8")
    step.parent.mkdir(parents=True)
    step.write_text(shipped.replace("Fix an answer", "Mend an answer"), "utf-8")
    watcher.until(lambda: "mend an answer" in watcher.agenda())
    step.rename(elsewhere := watcher.root.with_name("fix.md"))
    step.symlink_to(elsewhere)  # leads out of the vault
    path.rename(path.with_name("Old.txt"))
    path.mkdir()
    watcher.until(lambda: all(one in watcher.agenda().partition("## Needs")[2] for one in ("fix.md", "Reconnect.md")))
    assert "mend an answer" in watcher.agenda() and "this is Jordan" in watcher.agenda()
    path.rmdir()
    path.with_name("Old.txt").rename(path)
    step.unlink()
    watcher.until(lambda: "fix an answer" in watcher.agenda() and "## Needs attention" not in watcher.agenda())


def test_a_watcher_that_waits_for_another_process_can_be_ended(watcher: Watching) -> None:
    import fcntl

    handle = os.open(watcher.root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    note = watcher.root / "Interviews" / "N0.md"
    note.write_text(note.read_text("utf-8").replace("Saved 0", "Changed"), "utf-8")
    watcher.until(lambda: watcher.count("unsettled") > 0)
    watcher.process.terminate()
    assert watcher.process.wait(timeout=10) == 130
    os.close(handle)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_without_a_terminal_or_a_file_it_logs_to_a_file_of_its_own_a_line_for_each(
    tmp_path: Path, vault: Path, log_format: str
) -> None:
    odd = vault / "Interviews" / "a\n12:00:00 forged.md"
    odd.write_text((vault / "Interviews" / "N0.md").read_text("utf-8").replace("card_sent:", "card_sent: x"), "utf-8")
    words = command("watch", str(vault), "--log-format", log_format)
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    process = subprocess.Popen(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words], env=env)
    try:
        start = time.monotonic()
        while not (log := list(tmp_path.glob("cache/*/*.log"))) or "forged" not in log[0].read_text("utf-8"):
            assert process.poll() is None and time.monotonic() < start + 30
            time.sleep(0.05)
    finally:
        process.terminate()
    assert process.wait(timeout=20) == 130
    start_of_line = "{" if log_format == "json" else r"\d\d:\d\d:\d\d (?!forged)"
    assert all(re.match(start_of_line, line) for line in log[0].read_text("utf-8").splitlines())


def test_the_work_of_yesterday_is_not_told_as_that_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "Reconnect.md").write_text("---\nnotify: 0:00\n---\n", "utf-8")
    resident, of = Resident(Vault(tmp_path), False, "json", False), frame(Vault(tmp_path))
    told = []
    monkeypatch.setattr(resident.daily, "tell", lambda now, work: told.append(work))
    resident.work, resident.day = "1 call for today", of.today.subtract(days=1)
    resident.idle(of)
    assert not told
    resident.day = of.today
    resident.idle(of)
    assert told == ["1 call for today"]


def test_nothing_of_the_notes_words_is_logged(vault: Path) -> None:
    with Watching(vault, verbose=False) as watcher:
        note = vault / "Interviews" / "N0.md"
        note.write_text(note.read_text("utf-8").replace("card_sent:", "card_sent: secret"), "utf-8")
        watcher.until(lambda: "secret" in watcher.agenda())
    said = watcher.said()
    assert [one["event"] for one in said] == ["watching", "written", "written", "problem", "ended"]
    assert said[2]["changed"] == ["Interviews/N0.md"] and said[2]["written"] == ["Agenda.md"]
    assert (said[3]["note"], said[3]["code"]) == ("Interviews/N0.md", "bad-record")
    assert "secret" not in str(said)
    assert not [line for line in watcher.log.read_text("utf-8").splitlines() if not line.startswith("{")]


def test_one_notification_a_day_and_a_command_after_each_change(tmp_path: Path, vault: Path) -> None:
    told, ran, note = tmp_path / "told", tmp_path / "ran", vault / "Interviews" / "N0.md"
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, into in (("notify-send", told), ("hook", ran)):
        (programs / name).write_text(f'#!/bin/sh\nfor word; do echo "$word"; done >> {into}\n')
        (programs / name).chmod(0o755)
    changed = (
        (vault / "Reconnect.md").read_text("utf-8").replace("me:", "notify: 0:00\non_change: hook '; x $(y)'\nme:")
    )
    (vault / "Reconnect.md").write_text(changed, "utf-8")
    env = {"PATH": f"{programs}:{os.environ['PATH']}"}
    with Watching(vault, env=env) as watcher:
        watcher.until(lambda: watcher.count("notify") == 1)
        assert watcher.count("hook") == 1 and not ran.exists(), "a vault runs nothing unasked"
    (vault / "Reconnect.md").write_text(changed.replace("on_change: hook '; x $(y)'", 'on_change: "x\\0y"'), "utf-8")
    with Watching(vault, "--hooks", env=env) as watcher:
        note.write_text(note.read_text("utf-8").replace("Saved 0", "Odd"), "utf-8")
        watcher.until(lambda: any("on_change cannot be run" in one["message"] for one in watcher.said()))
    (vault / "Reconnect.md").write_text(changed, "utf-8")
    with Watching(vault, "--hooks", env=env) as watcher:
        note.write_text(note.read_text("utf-8").replace("Odd", "Changed"), "utf-8")
        watcher.until(ran.exists)
        time.sleep(0.5)
    assert told.read_text() == "--app-name=reconnect\n--\nReconnect\n1 call late\n"
    assert ran.read_text() == f"; x $(y)\n{vault}/Agenda.md\n"


def test_a_notification_that_could_not_be_shown_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    program, now = tmp_path / "notify-send", pendulum.datetime(2026, 11, 25, 9)
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    daily = Daily(tmp_path)
    daily.tell(now, "1 call for today")
    assert not daily.due("8:00", now), "not at once"
    daily.not_before = 0.0
    assert daily.due("08:00", now)
    program.write_text("#!/bin/sh\n")
    daily.tell(now, "1 call for today")
    daily.not_before = 0.0
    assert not daily.due("08:00", now) and not Daily(tmp_path).due("08:00", now)


def test_an_agenda_that_somebody_only_reads_is_made_anew(watcher: Watching) -> None:
    agenda = watcher.root / "Agenda.md"
    with agenda.open():
        agenda.write_text(agenda.read_text("utf-8").rpartition("<!--")[0], "utf-8")
        os.utime(agenda, (time.time() - 60, time.time() - 60))
        watcher.until(lambda: "<!-- reconnect" in watcher.agenda())


def test_a_file_that_is_written_slowly_is_waited_for(watcher: Watching) -> None:
    note = watcher.root / "Interviews" / "N0.md"
    text = note.read_text("utf-8").replace("Saved 0", "Changed") + "more\n" * 50
    before = watcher.count("written") + 1
    note.write_text(text, "utf-8")
    # The agenda is there before the watcher says so.
    watcher.until(lambda: "Changed]" in watcher.agenda() and watcher.count("written") == before)
    with note.open("w", encoding="utf-8") as file:
        file.write(text[:-60])
        file.flush()
        time.sleep(3)
        assert watcher.count("written") + watcher.count("right") == before
        file.write(text[-60:].replace("more", "much"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (r"C:\tools\sync.exe --all", (r"C:\tools\sync.exe", "--all")),
        (r"""'"C:\Program Files\sync.exe" now'""", (r"C:\Program Files\sync.exe", "now")),
        ("git-sync '; x $(y)'", ("git-sync", "; x $(y)")),
    ],
)
def test_a_command_is_split_into_its_words(typed: str, words: tuple[str, ...]) -> None:
    assert settings.read(f"---\non_change: {typed}\n---\n", "UTC").settings.on_change == words
