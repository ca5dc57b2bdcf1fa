"""A module imports only from those above it (docs/design.md): data flows one way, and no cycle can creep in."""

import ast
from pathlib import Path

import reconnect_md

ORDER = (
    "errors", "model", "lines", "markdown", "misread", "properties", "workdays",
    "values", "phone", "language", "log", "headings", "fields",
    "body", "note", "template", "method", "drafts",
    "plan", "slips", "script", "wording",
    "agenda", "taskline", "render", "footer", "saying", "align", "reflow", "marks", "weave", "merge", "edit", "mend",
    "record", "meaning", "carry",
    # the edge
    "settings", "exchange", "swap", "lock", "index", "vault", "outlook", "sync", "report", "findings",
    "create", "asking", "stamps", "events", "listening", "settle", "attempts", "rival", "watch",
    "journal", "notify", "resident", "service",
    "doctor", "completing", "cli", "__main__",
)  # fmt: skip
PURE = ORDER[: ORDER.index("settings") + 1]
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


def imports(module: str) -> tuple[set[str], set[str]]:
    """(our modules, other top-level modules) that a module imports, wherever in it."""
    ours, others = set(), set()
    for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            ours |= {node.module.split(".")[0]} if node.module else {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            others.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            others |= {name.name.split(".")[0] for name in node.names}
    return ours, others


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {"__init__", *ORDER}


def test_a_module_imports_only_from_those_above_it() -> None:
    wrong = [(m, i) for m in ORDER for i in imports(m)[0] if ORDER.index(i) >= ORDER.index(m)]
    assert not wrong


def test_the_core_touches_no_file_no_clock_and_no_log() -> None:
    allowed = {"pathlib"}  # PurePosixPath, for the arithmetic of links
    assert not [(m, i) for m in PURE for i in imports(m)[1] & (OUTSIDE_WORLD - allowed)]
    for module in PURE:
        source = (FOLDER / f"{module}.py").read_text("utf-8")
        assert "import Path\n" not in source and ".now(" not in source and ".today(" not in source, module
