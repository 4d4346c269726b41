"""The exercises on more than one machine: which answers are wrong, and what they are told."""

from exercised import Exercised


def share(value):
    return f"""
def serial_from(speed_up, workers):
    return {value}
check_1(serial_from)
"""


def many(value):
    return f"""
import numpy as np
def machines(photos, each, start):
    many = np.arange(1, 1000)
    ends = start * many + photos * each / many
    return {value}
check_2(machines)
"""


def deal(value):
    return f"""
import numpy as np
def deal(photos, rates):
    parts = [photos * rate // sum(rates) for rate in rates]
    alike = [len(part) for part in np.array_split(range(photos), len(rates))]
    return {value}
check_3(deal)
"""


class TestMoreThanOneMachine(Exercised):
    chapter = "more_than_one_machine"
    cells = ("few5a4c1",)
    edits = {"serial": "0.45", "def amdahl": "import numpy as np\n\ndef amdahl"}
    wrong = {
        1: {
            share("speed_up / workers"): "how well each is used",
            share("1 - (1 / speed_up - 1 / workers) / (1 - 1 / workers)"): "can be divided",
            share("1 / speed_up"): "the time that is left",
            share("1 / speed_up - 1 / workers"): "have a serial share of",
            share("'half'"): "one number",
        },
        2: {
            many("int(ends.argmin())"): "machines end after",
            many("(photos * each / start) ** 0.5"): "cannot be rented",
            many("0"): "nothing is answered",
            many("20"): "one more saves less",
            many("max(1, int((photos * each / start) ** 0.5) - 1)"): "of them after",
            many("many"): "one number of machines",
        },
        3: {
            deal("alike"): "dealt alike",
            deal("parts"): "of them are dealt",
            deal("[photos * rate / sum(rates) for rate in rates]"): "half a photo",
            deal("[photos] + [0] * (len(rates) - 1)"): "would do",
            deal("[photos + 1, -1] + [0] * (len(rates) - 2)"): "less than none",
            deal("[photos]"): "one number for each",
            deal(  # what is left over, to the slowest
                "[part + (photos - sum(parts)) * (i == rates.index(min(rates)))"
                " for i, part in enumerate(parts)]"
            ): "would do",
        },
    }

    def guess(self, number, rng, solution):
        return {
            1: lambda: (lambda *_: float(rng.uniform(0, 1)),),
            2: lambda: (lambda *_: int(rng.integers(0, 90)),),
            3: lambda: (lambda photos, rates: rng.multinomial(photos, rng.dirichlet(rates)),),
        }[number]()
