"""What the fault tests measured, printed at the end of the session."""

from __future__ import annotations


class Figures:
    """Numbers of the same name and case add up."""

    def __init__(self) -> None:
        self.noted: dict[str, dict[str, float]] = {}

    def note(self, case: str, /, **numbers: float) -> None:
        noted = self.noted.setdefault(case, {})
        for name, number in numbers.items():
            noted[name] = noted.get(name, 0) + number

    def lines(self) -> list[str]:
        return [
            f"{case}: " + ", ".join(f"{name} {round(number, 2)}" for name, number in sorted(numbers.items()))
            for case, numbers in sorted(self.noted.items())
        ]


FIGURES = Figures()
"""Of this process."""
