"""`python -m tests.drills.seats`: somebody's hands in a race for the last seats, one of several processes.

Reads a round as JSON from its input: `{"series": 1, "people": [1, 2], "at": 1700000000.0, "seed": 3}`; waits for the moment that all
have agreed on; each of its people books, waits and gives back as chance has it; answers with what each was told.
"""

import json
import random
import sys
import time

import django

STEPS = 4


def main() -> None:
    django.setup()
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(play(**told)), flush=True)


def play(*, series: int, people: list[int], at: float, seed: int) -> dict:
    from lms.people.models import User
    from workshops.models import Series

    chance = random.Random(seed)
    place = Series.objects.get(pk=series)
    hands = list(User.objects.filter(pk__in=people))
    last, errors, acts = {}, [], 0
    time.sleep(max(0, at - time.time()))
    for _step in range(STEPS):
        chance.shuffle(hands)
        for person in hands:
            try:
                last[person.pk] = act(place, person, last.get(person.pk, "nothing"), chance)
                acts += 1
            except Exception as error:
                errors.append(f"{type(error).__name__}: {error}")
    return {"last": last, "errors": errors, "acts": acts}


def act(series, person, before: str, chance: random.Random) -> str:
    """One press of a button, and what the person knows afterwards: "booked", "in the queue", "out" or "nothing"."""
    from lms.core.errors import RuleBroken
    from workshops.services.booking import book_place, cancel_booking, join_waiting_list

    if before in ("booked", "in the queue") and chance.random() < 0.4:
        cancel_booking(series=series, person=person)
        return "out"
    try:
        book_place(series=series, person=person)
        return "booked"
    except RuleBroken:
        pass
    try:
        join_waiting_list(series=series, person=person)
        return "in the queue"
    except RuleBroken:
        return before  # a place came free in between: the person tries again at the next step


if __name__ == "__main__":
    main()
