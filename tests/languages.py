"""The shipped languages, by their codes."""

from reconnect_md import language
from reconnect_md.vault import shipped_templates

SHIPPED = shipped_templates()
LANGUAGES = {code: language.read(code, SHIPPED, {})[0] for code in language.codes(SHIPPED, {})}
ENGLISH = LANGUAGES["en"]
