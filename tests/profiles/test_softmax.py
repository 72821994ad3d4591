"""The regression that tells classes of vectors apart."""

from __future__ import annotations

import pytest

numpy = pytest.importorskip("numpy")

from profiles.softmax import SoftmaxRegression  # noqa: E402  needs numpy

ROWS = numpy.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9], [-1, 0]], numpy.float32)
CLASSES = [0, 0, 1, 1, 2]


def test_it_gives_back_what_it_was_shown_and_what_lies_near() -> None:
    learned = SoftmaxRegression(ROWS, CLASSES, [1.0] * 5, freedom=20, rounds=200)
    assert learned.shares(ROWS).argmax(axis=1).tolist() == CLASSES
    shares = learned.shares(numpy.array([[0.8, 0.2], [-0.7, 0.1]], numpy.float32))
    assert shares.argmax(axis=1).tolist() == [0, 2]
    assert shares.sum(axis=1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)


def test_what_weighs_more_is_likelier_in_the_middle() -> None:
    middle = numpy.array([[0.5, 0.5]], numpy.float32)
    even = SoftmaxRegression(ROWS, CLASSES, [1.0] * 5, freedom=20, rounds=200).shares(middle)[0]
    heavy = SoftmaxRegression(ROWS, CLASSES, [9.0, 9.0, 1.0, 1.0, 1.0], freedom=20, rounds=200).shares(middle)[0]
    assert heavy[0] > even[0]


def test_less_freedom_keeps_it_less_sure() -> None:
    sure = SoftmaxRegression(ROWS, CLASSES, [1.0] * 5, freedom=100, rounds=300).shares(ROWS)[0, 0]
    unsure = SoftmaxRegression(ROWS, CLASSES, [1.0] * 5, freedom=2, rounds=300).shares(ROWS)[0, 0]
    assert sure > unsure
