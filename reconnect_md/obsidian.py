"""What Obsidian and its plugins are set to in a vault, as far as it concerns us. Nothing here may fail: what cannot be
read is as if it were not set.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from pendulum import Date

from . import moment, settings, taskline
from .model import Sign
from .settings import Settings
from .taskline import Style
from .vault import Vault

TASKS_PLUGIN: Final = "obsidian-tasks-plugin"
REMINDER_PLUGIN: Final = "obsidian-reminder-plugin"
PERIODIC_PLUGIN: Final = "periodic-notes"

TASKS: Final = f"plugins/{TASKS_PLUGIN}/data.json"
PERIODIC: Final = f"plugins/{PERIODIC_PLUGIN}/data.json"
DAILY: Final = "daily-notes.json"
PLUGINS: Final = "community-plugins.json"

FILES: Final = (PLUGINS, TASKS, DAILY, PERIODIC)
"""The files that are looked at here, below `.obsidian`."""

NONE: Final = "none"
"""The setting `tasks_filter` for task lines without one, whatever the plugin wants."""

_MEANINGS: Final = {"DONE": Sign.DONE, "CANCELLED": Sign.SKIPPED}
_OURS: Final = frozenset(" xX->/")
"""What these mean in a checkbox is said here, whatever the plugin calls them."""


def style(vault: Vault, chosen: Settings, before: Style | None = None) -> Style:
    """How task lines are written: as the settings say; else as the Tasks plugin is set, if it is on; else plainly.

    While a file of the plugin is half written it stays as it was `before`.
    """
    named, there = _json(vault, PLUGINS), _json(vault, TASKS)
    if before and (named is ... or there is ...):
        found = before
    else:
        found = _style(there) if _is_on(named, TASKS_PLUGIN) and isinstance(there, dict) else Style()
    format = taskline.FORMATS.get(chosen.tasks_format, found.format)
    wanted = "" if chosen.tasks_filter == NONE else chosen.tasks_filter or found.filter
    return found._replace(format=format, filter=wanted)


def is_on(vault: Vault, plugin: str) -> bool:
    """Whether a plugin of the community is switched on."""
    return _is_on(_json(vault, PLUGINS), plugin)


def daily_note(vault: Vault, own: Settings, day: Date) -> str:
    """The path of the daily note of a day, as the plugin Periodic Notes names it, if it is on and does, else the core
    plugin; names of months and days are those of the language in the settings.
    """
    periodic = data(vault, PERIODIC) if is_on(vault, PERIODIC_PLUGIN) else {}
    theirs = periodic.get("daily")
    chosen = theirs if isinstance(theirs, dict) and theirs.get("enabled") else data(vault, DAILY)
    format, folder = (value if isinstance(value := chosen.get(key), str) else "" for key in ("format", "folder"))
    language = own.language if own.daily_note in ("", settings.ON) else own.daily_note
    name = moment.format(day, format.strip() or "YYYY-MM-DD", language)
    path = f"{folder.strip().strip('/')}/{name}".strip("/")
    return vault.spelled(path if path.casefold().endswith(".md") else f"{path}.md")


def data(vault: Vault, name: str) -> dict[str, Any]:
    """One of the settings files, below `.obsidian`; empty if it is not there or holds something else."""
    found = _json(vault, name)
    return found if isinstance(found, dict) else {}


def _style(tasks: dict[str, Any]) -> Style:
    format = taskline.DATAVIEW if tasks.get("taskFormat") == "dataview" else taskline.EMOJI
    return Style(format, taskline.filter_of(tasks.get("globalFilter")), dict(_statuses(tasks.get("statusSettings"))))


def _statuses(typed: object) -> Iterator[tuple[str, Sign]]:
    """The characters that somebody gave a meaning of ours."""
    for part in ("coreStatuses", "customStatuses"):
        found = typed.get(part) if isinstance(typed, dict) else None
        for one in found if isinstance(found, list) else ():
            symbol, kind = (one.get("symbol"), one.get("type")) if isinstance(one, dict) else (None, None)
            if isinstance(symbol, str) and len(symbol) == 1 and symbol not in _OURS and kind in _MEANINGS:
                yield symbol, _MEANINGS[str(kind)]


def _is_on(named: Any, plugin: str) -> bool:
    return isinstance(named, list) and plugin in named


def _json(vault: Vault, name: str) -> Any:
    """What is in a file; None if it is not there, `...` if it cannot be read."""
    try:
        return json.loads((vault.root / ".obsidian" / name).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return ...
