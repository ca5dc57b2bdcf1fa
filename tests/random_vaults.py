"""Random vaults for the oracle: mostly histories as people live them, some odd ones, and the notes that hold them."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from typing import Any

import holidays

REGIONS: list[str | None] = [
    *(None, "AE", "IR", "NP", "IL", "SA", "US-TX", "GB-SCT", "DE-BY", "JP", "CN", "IN", "CH-ZH", "BR-SP"),
    *(
        "US",
        "US-CA",
        "GB",
        "GB-NIR",
        "DE",
        "FR",
        "ES-CT",
        "IT",
        "PT",
        "NL",
        "PL",
        "SE",
        "UA",
        "RU",
        "HU",
        "TW",
    ),
    *(
        "IN-MH",
        "AU-VIC",
        "NZ",
        "CA-QC",
        "MX",
        "AR",
        "CL",
        "ZA",
        "NG",
        "KE",
        "EG",
        "MA",
        "TR",
        "PK",
        "BD",
        "HK",
    ),
    *("TH", "VN", "KR", "ID", "MY-01", "PH", "SG", "LK", "BN", "QA", "JO", "GR", "IE", "FI"),
]
"""None is no region: Saturday and Sunday only."""

WEEKENDS = [{5, 6}, {4, 5}, {6}, {4}, {0, 6}, {2}]

SPECIAL_DAYS = [
    *(date(2024, 3, 4), date(2028, 3, 3), date(2024, 2, 29), date(2028, 2, 29)),  # around 29 February
    *(date(2024, 1, 2), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 12)),  # the turn of the year
    *(
        date(2025, 10, 3),
        date(2026, 2, 20),
        date(2026, 5, 6),
        date(2026, 10, 22),
    ),  # long holidays: CN, CN, JP, NP
    *(
        date(2026, 3, 24),
        date(2025, 4, 22),
        date(2025, 10, 14),
        date(2026, 11, 30),
    ),  # IR and the Eid, Easter, IL, US
]

COMPANIES = [
    ["Acme Logistics", "ACME  logistics", "acme Logistics"],
    ["Große Straße GmbH", "GROSSE STRASSE GMBH", "große  straße gmbh"],
    ["Ōita: Steel & Sons", "ōita:  steel & sons"],
    ["Zeta"],
    ["Zeta Two"],  # another company than the one before
    ["1st Bank #2", "1ST BANK  #2"],
]
"""Each line is one company, as different notes may write it."""

PEOPLE = ["Ana Rivera", "Bo Li", "Zoë O'Hara", "Nguyễn Văn An", "Carla da Silva", "Dev Patel"]
TITLES = ["Director of operations", "Chief technology officer", "HR"]
OUTCOMES = ["second interview", "offer", "hired", "rejected", "withdrawn", "no reply"]

ITEMS = {
    "went_well": [
        "We agreed that the night shift needs its own planner",
        "They laughed at the forklift story",
        "Tea",
    ],
    "said": ["Why I left my last job: I complained about my manager", "That I am always late", "My salary"],
    "unsaid": [
        "I moved 40 people to a new site without losing one day of shipping",
        "I speak Farsi",
        "My prize",
    ],
    "lacking": ["Six Sigma black belt", "A driving licence", "Ten years of experience"],
}
CALLS = {"fix": "said", "add": "unsaid", "compensate": "lacking"}
GAPS = {"fix": 4, "add": 3, "compensate": 5}
"""Calendar days between two calls that are in the neighbourhood of the wait: real histories differ a little."""


def days(count: int) -> timedelta:
    return timedelta(days=count)


def chance(rng: random.Random, probability: float) -> bool:
    return rng.random() < probability


def random_vault(rng: random.Random) -> tuple[list[dict[str, Any]], date, dict[str, Any]]:
    """(evaluations, today, settings); the settings are the keyword arguments of `oracle.expected`."""
    today = random_today(rng)
    settings = random_settings(rng, today)
    companies = rng.sample(COMPANIES, rng.randint(1, 3))
    shared_region = rng.choice(REGIONS) if chance(rng, 0.5) else None
    evaluations: list[dict[str, Any]] = []
    for number in range(rng.randint(1, 6)):
        region = random_region(rng, shared_region)
        interviewed = random_interview(rng, today, region or settings["region"], evaluations)
        company = rng.choice(rng.choice(companies))
        evaluation = blank_evaluation(rng, number, company, interviewed, region)
        tell_history(rng, evaluation, today)
        if chance(rng, 0.15):
            make_odd(rng, evaluation, today)
        evaluations.append(evaluation)
    rng.shuffle(evaluations)
    return evaluations, today, settings


def random_today(rng: random.Random) -> date:
    if chance(rng, 0.35):
        return rng.choice(SPECIAL_DAYS) + days(rng.randint(-3, 8))
    return date(2024, 1, 1) + days(rng.randrange(6 * 365))


def random_settings(rng: random.Random, today: date) -> dict[str, Any]:
    days_off: set[date] = set()
    if chance(rng, 0.4):
        for _ in range(rng.randint(1, 3)):
            first = today + days(rng.randint(-25, 25))
            days_off |= {first + days(more) for more in range(rng.choice([1, 1, 2, 9]))}
    return {
        "region": rng.choice(REGIONS),
        "weekend": set(rng.choice(WEEKENDS)) if chance(rng, 0.12) else None,
        "days_off": days_off,
    }


def random_region(rng: random.Random, shared: str | None) -> str | None:
    """Of one evaluation; None is the region of the settings."""
    if chance(rng, 0.4):
        return None
    return shared or rng.choice(REGIONS)


def random_interview(rng: random.Random, today: date, region: str | None, others: list[dict[str, Any]]) -> date:
    """Mostly in the last weeks; often near another one, so that calls meet; on holidays, weekends, 29 February."""
    if others and chance(rng, 0.45):
        near_one: date = rng.choice(others)["interviewed"]
        return near_one + days(rng.choice([0, 0, 0, 0, -1, 1, 3, 7]))
    kind = rng.random()
    leap_day = date(today.year, 2, 29) if today.year % 4 == 0 else None
    if leap_day and abs(leap_day - today) < days(60) and kind < 0.6:
        return leap_day
    if kind < 0.07:
        return today
    if kind < 0.15:
        return today + days(rng.randint(1, 14))
    if kind < 0.30 and region:
        country, _, subdivision = region.partition("-")
        known = holidays.country_holidays(country, subdiv=subdivision or None)
        near = [today + days(more) for more in range(-40, 10) if today + days(more) in known]
        if near:
            return rng.choice(near)
    if kind < 0.38:
        saturday = today - days((today.weekday() - 5) % 7)
        return saturday + days(rng.choice([-14, -7, -1, 0, 1 - 7, 1 - 14]))
    if kind < 0.45:
        return today - days(rng.randint(30, 120))
    return today - days(rng.randint(0, 28))


def blank_evaluation(
    rng: random.Random, number: int, company: str, interviewed: date, region: str | None
) -> dict[str, Any]:
    slug = " ".join(re.findall(r"[A-Za-z]+", company)) or "Company"
    prefix = rng.choice(["Interviews/", "Interviews/", "interviews old/", ""])
    evaluation: dict[str, Any] = {
        "note": f"{prefix}{interviewed} {slug} {'bAdCfE'[number]}.md",
        "company": company,
        "interviewed": interviewed,
        "interviewers": rng.sample(PEOPLE, rng.choice([0, 1, 1, 1, 2, 2, 3])),
        "outcome": rng.choice(OUTCOMES) if chance(rng, 0.1) else None,
        "region": region,
        "call_again": None,
        "made": {},
        "no_answer": {},
    }
    for heading, items in ITEMS.items():
        evaluation[heading] = [] if chance(rng, 0.22) else rng.sample(items, rng.randint(1, len(items)))
    return evaluation


def tell_history(rng: random.Random, evaluation: dict[str, Any], today: date) -> None:
    """What a tidy person did until today: one step after the other, a few skipped, some tries without an answer."""
    made, interviewed = evaluation["made"], evaluation["interviewed"]
    if interviewed > today:
        return
    if chance(rng, 0.6) and evaluation["went_well"]:
        sent = interviewed + days(rng.choice([0, 0, 0, 1, 2]))
        made["card"] = "skipped" if chance(rng, 0.1) else min(sent, today)
    last = interviewed
    for step, heading in CALLS.items():
        if not evaluation[heading]:
            continue
        if chance(rng, 0.1):
            made[step] = "skipped"
            continue
        day = last + days(GAPS[step] + rng.choice([-1, 0, 0, 0, 1, 2, 4]))
        tries = []
        while chance(rng, 0.3) and day <= today:
            tries.append(day)
            day += days(rng.choice([1, 1, 1, 2, 3]))
        if tries:
            evaluation["no_answer"][step] = tries
        if chance(rng, 0.12) and day <= today:
            day = today  # so that a company was called today
        if day > today or chance(rng, 0.4):
            break
        made[step] = last = day
    if chance(rng, 0.2):
        evaluation["call_again"] = today + days(rng.choice([-6, -2, -1, 0, 0, 1, 2, 3, 5, 9, 20]))


def make_odd(rng: random.Random, evaluation: dict[str, Any], today: date) -> None:
    """What a person should not have done, but may have typed."""
    made, interviewed = evaluation["made"], evaluation["interviewed"]
    step = rng.choice(list(CALLS))
    kind = rng.randrange(8)
    if kind == 0:  # a later call made, the earlier ones still open
        for earlier in ("fix", "add"):
            made.pop(earlier, None)
        made["compensate"] = min(today, interviewed + days(rng.randint(0, 9)))
    elif kind == 1:  # made before the interview
        made[step] = interviewed - days(rng.randint(1, 9))
    elif kind == 2:  # made in the future
        made[step] = today + days(rng.randint(1, 9))
    elif kind == 3:  # out of order, or on one day
        made["fix"] = interviewed + days(rng.randint(3, 12))
        made["add"] = interviewed + days(rng.randint(3, 12))
    elif kind == 4:  # a try before the interview, in the future, or for a step that is not its turn
        evaluation["no_answer"][step] = sorted(
            {interviewed + days(rng.randint(-3, 12)), today + days(rng.randint(-3, 3))}
        )
    elif kind == 5:  # called again before the interview, or long ago
        evaluation["call_again"] = interviewed + days(rng.randint(-5, 4))
    elif kind == 6:  # made or skipped with nothing to say
        evaluation[CALLS[step]] = []
        made[step] = rng.choice(["skipped", min(today, interviewed + days(5))])
    else:  # the card: nothing to restate, late, early or skipped
        evaluation["went_well"] = []
        made["card"] = rng.choice(["skipped", interviewed - days(1), interviewed + days(9)])


# -- the note ----------------------------------------------------------------------------------------------------

PROPERTIES = {"card": "card_sent", "fix": "fix_call", "add": "add_call", "compensate": "compensate_call"}


def scalar(text: str) -> str:
    """A YAML scalar: plain where that is safe, else in double quotes (JSON's are YAML's)."""
    if re.fullmatch(r"[A-Za-z][A-Za-z ,]*[A-Za-z]", text) and text.lower() not in (
        "no",
        "yes",
        "true",
        "false",
        "null",
    ):
        return text
    return json.dumps(text, ensure_ascii=False)


def person(number: int, name: str) -> str:
    """As the three forms of section 4: with a title, plain, or a link."""
    return [f"{name}, {TITLES[len(name) % len(TITLES)]}", name, f"[[{name}]]"][(number + len(name)) % 3]


def properties(evaluation: dict[str, Any]) -> list[str]:
    lines = [f"interviewed: {evaluation['interviewed']}", f"company: {scalar(evaluation['company'])}"]
    lines += ["position: Operations manager", "interviewers:"]
    for number, name in enumerate(evaluation["interviewers"]):
        lines.append(f"  - {scalar(person(number, name))}")
    if evaluation["region"]:
        lines.append(
            f"region: {evaluation['region']}" if "-" in evaluation["region"] else f'region: "{evaluation["region"]}"'
        )
    for key in ("call_again", "outcome"):
        lines.append(f"{key}: {evaluation[key] or ''}".rstrip())
    for step, key in PROPERTIES.items():
        lines.append(f"{key}: {evaluation['made'].get(step, '')}".rstrip())
    return lines


def section(title: str, items: list[str], answer: str | None = None) -> list[str]:
    """A heading and its items; every second item has an answer, with its label, as a nested line."""
    lines = [f"## {title}"]
    for number, item in enumerate(items):
        lines.append(f"- {item}")
        if answer and number % 2 == 0:
            lines.append(f"  - {answer}")
    return [*lines, ""]


def to_markdown(evaluation: dict[str, Any]) -> str:
    """The note of section 4."""
    lines = ["---", *properties(evaluation), "---"]
    lines += section("What went well", evaluation["went_well"])
    lines += section("What connected", [])
    lines += section("Said, but wish I had not", evaluation["said"], "Better: I wanted a larger warehouse")
    lines += section("Did not say, but wish I had", evaluation["unsaid"])
    lines += section("Requirements I do not satisfy", evaluation["lacking"], "Compensate: I have booked the course")
    tries = [(day, step) for step, tried in evaluation["no_answer"].items() for day in tried]
    log = [f"{day} {PROPERTIES[step].replace('_', ' ')} no answer" for day, step in sorted(tries)]
    lines += section("Log", log)
    return "\n".join(lines)
