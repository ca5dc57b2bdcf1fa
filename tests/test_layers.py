"""A module imports only from those above it (docs/design.md): data flows one way, and no cycle can creep in."""

import ast
from pathlib import Path

import reconnect_md

ORDER = (
    "errors", "model", "lines", "digests", "markdown", "fields", "misread", "properties", "cached", "regions",
    "workdays", "values", "moment", "phone", "language", "log", "headings",
    "body", "note", "template", "method", "drafts",
    "plan", "slips", "script", "rehearsal", "wording",
    "agenda", "history", "learn", "worksearch", "taskline", "render", "overview", "further", "sheet",
    "footer", "saying", "align", "reflow", "marks", "weave", "meaning", "merge", "edit", "mend",
    "record", "carry",
    # the edge
    "settings", "exchange", "swap", "lock", "looks", "listing", "forked", "answers", "index", "vault",
    "obsidian", "outlook", "reading", "ics", "daily", "beside", "pages", "sync",
    "cohort", "report", "table", "findings",
    "create", "asking", "screen", "stamps", "events", "listening", "settle", "attempts", "rival", "journal", "watch",
    "notify", "resident", "service",
    "doctor", "completing", "cli", "__main__",
)  # fmt: skip
LIBRARY = ("cached", "regions")
"""What the library of holidays says is kept in a cache, because it takes long to import; it says the same without."""

PURE = [one for one in ORDER[: ORDER.index("settings") + 1] if one not in LIBRARY]
OUTSIDE_WORLD = {
    "os",
    "pathlib",
    "io",
    "shutil",
    "tempfile",
    "logging",
    "time",
    "socket",
    "subprocess",
    "random",
    "uuid",
}

FOLDER = Path(reconnect_md.__file__).parent


def files(module: str) -> list[Path]:
    """The file of a module, or those of a package."""
    return sorted((FOLDER / module).glob("*.py")) or [FOLDER / f"{module}.py"]


def imports(module: str) -> tuple[set[str], set[str]]:
    """(our modules, other top-level modules) that a module or a package imports, wherever in it."""
    ours, others = set(), set()
    for path in files(module):
        root = len(path.relative_to(FOLDER).parts)  # so many dots lead out of a package of ours
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == root:
                ours |= {node.module.split(".")[0]} if node.module else {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                others.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                others |= {name.name.split(".")[0] for name in node.names}
    return ours, others


def inside(command: Path) -> set[str]:
    """What a module of the command line imports from the others."""
    nodes = [node for node in ast.walk(ast.parse(command.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {node.module or "__init__" for node in nodes if node.level == 1}


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} | {
        path.parent.name for path in FOLDER.glob("*/__init__.py")
    } == {
        "__init__",
        *ORDER,
    }


def test_a_command_imports_no_other_command() -> None:
    shared = {"__init__", "printing", "options", "telling", "finding", "conversation", "remembering"}
    allowed = shared | {"program"}  # that one loads them by their names
    assert not [(path.stem, one) for path in files("cli") for one in inside(path) - allowed]
    assert not [(path.stem, one) for path in files("cli") if path.stem != "__init__" for one in inside(path) - shared]


def test_a_module_imports_only_from_those_above_it() -> None:
    wrong = [(m, i) for m in ORDER for i in imports(m)[0] if ORDER.index(i) >= ORDER.index(m)]
    assert not wrong


def test_the_core_touches_no_file_no_clock_and_no_log() -> None:
    allowed = {"pathlib"}  # PurePosixPath, for the arithmetic of links
    assert not [(m, i) for m in PURE for i in imports(m)[1] & (OUTSIDE_WORLD - allowed)]
    for module in PURE:
        source = (FOLDER / f"{module}.py").read_text("utf-8")
        assert "import Path\n" not in source and ".now(" not in source and ".today(" not in source, module
