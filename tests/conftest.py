"""No test is about how long something takes: a machine that has much to do would fail it."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Hundreds of programs are started. They keep their bytecode as they do with people, or each would compile all anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
