"""One profile for all properties: quick, the same every time, no clock, and a blob to repeat a failure by."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ketenwacht",
    max_examples=70,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("ketenwacht")
