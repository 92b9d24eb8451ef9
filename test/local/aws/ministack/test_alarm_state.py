"""The states of alarms, in the tables of the CloudWatch User Guide ("0" is a reading within the threshold, "X" one
that breaches it, "-" none; the newest last) and by their metric's values.
"""

import sys
import unittest
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[4] / "local" / "aws" / "ministack"))

from alarm_state import readings_of, state_of

A, OK, NONE, KEEP = "ALARM", "OK", "INSUFFICIENT_DATA", None
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
NOON = 1_700_000_000 // 300 * 300


def states(readings: str, periods: int, to_alarm: int) -> tuple:
    parsed = [{"0": False, "X": True, "-": None}[each] for each in readings.split()]
    return tuple(state_of(parsed, periods, to_alarm, treatment) for treatment in TREATMENTS)


def alarm(**changes: object) -> dict:
    plain = {"Period": 60, "EvaluationPeriods": 1, "Statistic": "Sum", "Threshold": 2}
    return {**plain, "ComparisonOperator": "GreaterThanThreshold", **changes}


def metric(values: dict[float, float], statistic: Callable = sum) -> Callable[[float, float], float | None]:
    """A metric by its values at seconds after noon."""

    def between(start: float, end: float) -> float | None:
        found = [value for second, value in values.items() if start <= NOON + second < end]
        return statistic(found) if found else None

    return between


class StateOf(unittest.TestCase):
    def test_three_of_three(self) -> None:
        for readings, expected in {
            "0 - X - X": (OK, OK, OK, OK),
            "0 - - - -": (OK, OK, OK, OK),
            "- - - - -": (NONE, KEEP, A, OK),
            "0 X X - X": (A, A, A, A),
            "- - X - -": (A, KEEP, A, OK),
        }.items():
            self.assertEqual(states(readings, 3, 3), expected, readings)

    def test_two_of_three(self) -> None:
        for readings, expected in {
            "0 - X - X": (A, A, A, A),
            "0 0 X 0 X": (A, A, A, A),
            "0 - X - -": (OK, OK, A, OK),
            "- - - - 0": (OK, OK, A, OK),
            "- - - X -": (A, KEEP, A, OK),
        }.items():
            self.assertEqual(states(readings, 3, 2), expected, readings)

    def test_one_of_one_stays_for_as_long_as_its_reading_is_in_range(self) -> None:
        self.assertEqual(states("- - X", 1, 1), (A, A, A, A))
        self.assertEqual(states("X 0 -", 1, 1), (OK, OK, OK, OK))
        self.assertEqual(states("- - - - X", 3, 1), (A, A, A, A))


class ReadingsOf(unittest.TestCase):
    def test_periods_that_are_over(self) -> None:
        values = metric({-130: 5, -70: 1, -50: 3, -10: 4})
        self.assertEqual(readings_of(alarm(), values, NOON + 1), ([True, False, True], 7))

    def test_a_breach_counts_before_the_end_of_its_minute_where_it_can_only_grow(self) -> None:
        values = metric({5: 3})
        self.assertEqual(readings_of(alarm(), values, NOON + 6), ([None, None, True], 3))
        self.assertEqual(readings_of(alarm(Threshold=3), values, NOON + 6)[0], [None, None, None])
        few = alarm(ComparisonOperator="LessThanThreshold", Threshold=9)
        self.assertEqual(readings_of(few, values, NOON + 6)[0], [None, None, None])
        self.assertEqual(readings_of(few, values, NOON + 61)[0], [None, None, True])
        self.assertEqual(readings_of(alarm(Statistic="Average"), values, NOON + 6)[0], [None, None, None])

    def test_long_periods_slide_by_the_minute(self) -> None:
        five = alarm(Period=300, EvaluationPeriods=2)
        self.assertEqual(readings_of(five, metric({-290: 9, 100: 1}), NOON + 125)[0], [None, None, True, False])


if __name__ == "__main__":
    unittest.main()
