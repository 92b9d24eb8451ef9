"""What state the metric of an alarm puts it in, as CloudWatch decides it for an alarm on one metric with a threshold.

The rules on missing data, and all cells of their two tables, are those of the CloudWatch User Guide, "Configuring how
CloudWatch alarms treat missing data". How much farther back than the evaluation periods CloudWatch looks for data is
not public: its tables show two periods.
"""

import math
from collections.abc import Callable, Mapping, Sequence

ALARM, OK, INSUFFICIENT_DATA = "ALARM", "OK", "INSUFFICIENT_DATA"
FARTHER_BACK = 2
MINUTE = 60

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
# What a period that is still running can only exceed more, or fall below more.
GROWING, FALLING = ("Sum", "SampleCount", "Maximum"), ("Minimum",)


def state_of(readings: Sequence[bool | None], periods: int, to_alarm: int, missing: str) -> str | None:
    """The state by the readings of the evaluation range, the oldest first: breaching, not breaching, or none.

    Returns None where the alarm keeps the state that it has.
    """
    real = [reading for reading in readings if reading is not None]
    if len(real) >= periods:
        return ALARM if sum(real[-periods:]) >= to_alarm else OK
    if not real:
        return {"breaching": ALARM, "notBreaching": OK, "ignore": None}.get(missing, INSUFFICIENT_DATA)
    if sum(real) >= to_alarm:
        return ALARM
    if all(real) and missing in ("missing", "ignore"):
        # An alarm whose data came late: nothing that is there speaks against it.
        periods_ago = len(readings) - readings.index(True)
        if periods_ago >= to_alarm:
            return ALARM if missing == "missing" else None
    filled = periods - len(real) if missing == "breaching" else 0
    return ALARM if sum(real) + filled >= to_alarm else OK


def readings_of(
    alarm: Mapping, value_between: Callable[[float, float], float | None], now: float
) -> tuple[list[bool | None], float | None]:
    """The readings of an alarm's evaluation range, the oldest first, and the newest value among them.

    CloudWatch looks once a minute, at periods that are over. A breach that can only grow counts here as soon as it is
    there, so that nobody waits for the end of the minute.
    """
    period = int(alarm.get("Period") or MINUTE)
    compare = COMPARISONS[alarm["ComparisonOperator"]]
    threshold = float(alarm.get("Threshold") or 0)
    step = min(MINUTE, period)
    end = math.floor(now / step) * step
    running = value_between(end + step - period, end + step)
    if running is not None and is_final(alarm) and compare(running, threshold):
        end += step
    count = int(alarm.get("EvaluationPeriods") or 1) + FARTHER_BACK
    values = [value_between(end - age * period, end - (age - 1) * period) for age in range(count, 0, -1)]
    newest = next((value for value in reversed(values) if value is not None), None)
    return [None if value is None else compare(value, threshold) for value in values], newest


def is_final(alarm: Mapping) -> bool:
    """Whether a breach within a period stays one until its end, whatever comes; metrics have no negative values."""
    statistic = None if alarm.get("ExtendedStatistic") else alarm.get("Statistic")
    if alarm["ComparisonOperator"].startswith("Greater"):
        return statistic in GROWING
    return statistic in FALLING
