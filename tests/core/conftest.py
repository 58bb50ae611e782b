"""What is made up to try a rule on proves the rule, not the speed of a machine that does other things too."""

from hypothesis import HealthCheck, settings

# By default an example fails when it takes 200 ms, and a test when its examples are slow to make.
settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rules")
