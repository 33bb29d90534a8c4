"""What came of requests."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """One request: when it began (monotonic), how long it took in seconds, and its status; 0 where none came."""

    at: float
    took: float
    status: int


@dataclass
class Record:
    """What came of requests."""

    asked: list[Asked] = field(default_factory=list)

    def note(self, began: float, status: int) -> None:
        self.asked.append(Asked(began, time.monotonic() - began, status))

    def failed(self) -> int:
        """Requests that were not answered, or with a fault of the site."""
        return sum(each.status == 0 or each.status >= 500 for each in self.asked)

    def answered(self) -> float:
        """How many percent did not fail."""
        return 100 * (1 - self.failed() / len(self.asked)) if self.asked else 0.0

    def p(self, percent: float) -> float:
        """The time in seconds within which so many percent were answered."""
        times = sorted(each.took for each in self.asked)
        return times[min(len(times) - 1, int(len(times) * percent / 100))] if times else 0.0

    def since(self, at: float) -> "Record":
        return Record([each for each in self.asked if each.at >= at])
