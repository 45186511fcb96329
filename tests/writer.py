"""`python -m tests.writer NAME`: somebody who keeps writing, and says each number once it is safe.

Each number is a file, a person who is named after it, and a message to that person: the rows in one transaction, after the file.
Whoever copies the site meanwhile must find, for each number, all of them or none; and all that were said before.
"""

import sys
import time

import django


def main(name: str) -> None:
    django.setup()
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.db import transaction

    from lms.notifications.models import Message
    from lms.people.models import User

    number = 0
    while True:
        time.sleep(0.02)  # a busy site, not as fast as the disk goes
        number += 1
        who = f"{name}-{number:06d}"
        default_storage.save(f"written/{who}.txt", ContentFile(who.encode() * 50))
        with transaction.atomic():
            person = User.objects.create(email=f"{who}@example.org", username=who)
            Message.objects.create(
                to=person, address=person.email, template="written", subject=who, message_id=f"<{who}>"
            )
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
