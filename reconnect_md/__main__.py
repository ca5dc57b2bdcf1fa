"""`python -m reconnect_md` is `reconnect`."""

from .cli import main

main()
