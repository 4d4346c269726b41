"""What was wrong is asked again after 1, 3 and 7 days; what is right in between changes nothing."""

import datetime

import pytest

from helpers.passport import fresh
from helpers.repetition import answered, is_due

START = datetime.date(2026, 2, 27)


def day(number):
    return START + datetime.timedelta(days=number)


def after(*answers):
    """The stamp after answers: the day of each, and whether it was right."""
    stamp = fresh(START)
    for number, right in answers:
        answered(stamp, right, day(number))
        stamp["right"] |= right
    return stamp


def due(stamp, last):
    """The first day from the last answer on, on which it is due; None if there is none."""
    return next((number for number in range(last, 40) if is_due(stamp, day(number))), None)


@pytest.mark.parametrize(
    "answers, first",
    [
        ([], None),
        ([(0, True)], None),
        ([(0, False)], 1),
        ([(0, False), (0, True)], 1),
        ([(0, False), (0, True), (1, True)], 4),
        ([(0, False), (0, True), (1, True), (4, True)], 11),
        ([(0, False), (0, True), (1, True), (4, True), (11, True)], None),
        # Practice in between neither helps nor hinders.
        ([(0, False), (1, True), (2, True), (3, True)], 4),
        # What is wrong when it is due begins anew.
        ([(0, False), (1, True), (4, False)], 5),
        ([(0, False), (1, True), (4, False), (4, True)], 5),
        # Whoever was right and tries the rest has forgotten nothing.
        ([(0, True), (0, False)], None),
        ([(0, False), (1, True), (2, False)], 4),
        # Missed days are not held against anybody.
        ([(0, False), (20, True)], 23),
    ],
)
def test_it_is_due_when_the_box_says(answers, first):
    last = max((number for number, _ in answers), default=0)
    assert due(after(*answers), last) == first


def test_a_clock_that_was_wrong_makes_nothing_wait_for_ever():
    stamp = fresh(datetime.date(9999, 12, 31))
    answered(stamp, False, datetime.date(9999, 12, 31))
    assert is_due(stamp, START)
