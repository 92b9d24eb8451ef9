"""Metric alarms: evaluates them by their own metric, and as time passes.

ministack looks at an alarm when metrics come in, takes the metric of all dimensions together, and knows neither M of N
nor missing data: an alarm of one endpoint would go off for another one, and stay so for good.
"""

import logging
import time
from collections.abc import Callable

import alarm_state
from ministack.core.responses import request_scope
from ministack.services import cloudwatch

log = logging.getLogger("cloudwatch")
# CloudWatch looks once a minute, or every ten seconds for short periods.
LOOK_SECONDS = 5.0


def install() -> None:
    """Puts this evaluation in the place of ministack's, which calls it for new metrics and alarms."""
    cloudwatch._evaluate_alarm = evaluate


def look() -> bool:
    """Evaluates the alarms of all regions. Returns whether one has changed its state."""
    scopes = {(account, region) for account, region, _ in list(cloudwatch._alarms._data)}
    changed = False
    for account, region in scopes:
        with request_scope(account, region):
            for alarm in list(cloudwatch._alarms.values()):
                try:
                    changed = evaluate(alarm) or changed
                except Exception:
                    log.exception("alarm %s", alarm.get("AlarmName"))
    return changed


def evaluate(alarm: dict) -> bool:
    """Brings an alarm on one metric into the state that its metric asks for. Returns whether it has changed."""
    if not alarm.get("MetricName") or alarm.get("ComparisonOperator") not in alarm_state.COMPARISONS:
        return False
    periods = int(alarm.get("EvaluationPeriods") or 1)
    to_alarm = int(alarm.get("DatapointsToAlarm") or periods)
    readings, newest = alarm_state.readings_of(alarm, reader(alarm), time.time())
    state = alarm_state.state_of(readings, periods, to_alarm, alarm.get("TreatMissingData") or "missing")
    before = alarm["StateValue"]
    if state is None or state == before:
        return False
    alarm["StateValue"] = state
    alarm["StateReason"] = reason(alarm, state, newest)
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], before, state, alarm["StateReason"])
    cloudwatch._dispatch_alarm_actions(alarm, before, state, alarm["StateReason"])
    cloudwatch._evaluate_parent_alarms(alarm)
    return True


def reader(alarm: dict) -> Callable[[float, float], float | None]:
    """A function that gives the alarm's statistic of its metric between two times; None where there are no data."""
    dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions") or []}
    key = (alarm.get("Namespace"), alarm["MetricName"], cloudwatch._dims_key(dimensions))
    points = cloudwatch._metrics.get(key) or []
    unit = alarm.get("Unit")
    if unit:
        points = [point for point in points if point.get("Unit") == unit]
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"

    def between(start: float, end: float) -> float | None:
        found = [point for point in points if start <= point["Timestamp"] < end]
        return cloudwatch._stat_value(cloudwatch._calc_stats(found), statistic, found) if found else None

    return between


def reason(alarm: dict, state: str, newest: float | None) -> str:
    """In the manner of CloudWatch's own."""
    if newest is None:
        return f"Threshold Crossed: no datapoints were received; they are treated as {alarm.get('TreatMissingData')}."
    was = "was" if state == alarm_state.ALARM else "was not"
    words = {"GreaterThanOrEqualToThreshold": "greater than or equal to", "GreaterThanThreshold": "greater than"}
    words |= {"LessThanOrEqualToThreshold": "less than or equal to", "LessThanThreshold": "less than"}
    compared = words[alarm["ComparisonOperator"]]
    return f"Threshold Crossed: 1 datapoint [{newest}] {was} {compared} the threshold ({alarm.get('Threshold')})."
