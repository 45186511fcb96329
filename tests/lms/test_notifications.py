"""The outbox: nothing lost, nothing twice, one Message-ID; over real SMTP."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from lms.notifications.models import Message
from lms.notifications.services import MOST_ATTEMPTS, File, queue_message, send_message
from lms.notifications.tasks import sweep
from tests.factories import UserFactory
from tests.smtp_sink import free_port, running_sink


@pytest.fixture
def sink(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with running_sink() as (sink, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield sink


def a_message(**changes) -> Message:
    facts = {
        "template": "role_given",
        "to": UserFactory(first_name="Amina", email="amina@example.org"),
        "context": {"role": "Lay tutor", "organisation": "Riverside", "url": "http://testserver/my/"},
    }
    return queue_message(**(facts | changes))


@pytest.mark.django_db
def test_message_is_delivered_readable_once(sink):
    message = a_message()

    assert send_message(message_id=message.pk) is True
    assert send_message(message_id=message.pk) is False

    (mail,) = sink.mails
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = mail.get_body(("html",)).get_content()
    assert mail["To"] == "amina@example.org"
    assert mail["Subject"] == "You have a new role"
    assert mail["Message-ID"] == message.message_id
    assert text.startswith("Hello Amina,\n\nRiverside has given you a role: Lay tutor.")
    assert "http://testserver/my/" in text and 'href="http://testserver/my/"' in html
    assert "Call Samaritans on 116 123" in text and "Call Samaritans on 116 123" in html


@pytest.mark.django_db
def test_queueing_is_undone_with_its_transaction():
    to = UserFactory()

    with pytest.raises(RuntimeError), transaction.atomic():
        a_message(to=to)
        raise RuntimeError

    assert Message.objects.count() == 0
    assert OrmQ.objects.count() == 0


@pytest.mark.django_db
def test_refused_mail_is_tried_again_and_giving_up_is_seen(sink):
    message = a_message()
    sink.refuse = "451 Come back later"

    for _attempt in range(MOST_ATTEMPTS):
        assert send_message(message_id=message.pk) is False
        Message.objects.filter(pk=message.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    message.refresh_from_db()

    assert message.attempts == MOST_ATTEMPTS
    assert message.given_up_at is not None
    assert message.last_error == "SMTPDataError"
    sink.refuse = ""
    assert send_message(message_id=message.pk) is False


@pytest.mark.django_db
def test_mail_server_away_then_back_loses_nothing(sink, settings):
    message = a_message()
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()

    assert send_message(message_id=message.pk) is False
    settings.EMAIL_PORT = there
    assert sweep() == 0
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    assert send_message(message_id=message.pk) is True

    assert [mail["Message-ID"] for mail in sink.mails] == [message.message_id]


@pytest.mark.django_db
def test_a_worker_that_died_leaves_a_lease_that_runs_out(sink):
    message = a_message()
    Message.objects.filter(pk=message.pk).update(
        leased_until=timezone.now() + timedelta(minutes=2), attempts=1
    )

    assert send_message(message_id=message.pk) is False
    Message.objects.filter(pk=message.pk).update(leased_until=timezone.now() - timedelta(seconds=1))

    assert sweep() == 1
    assert send_message(message_id=message.pk) is True


@pytest.mark.django_db
def test_secret_words_are_forgotten_once_sent(sink):
    message = a_message(is_secret=True)
    send_message(message_id=message.pk)
    message.refresh_from_db()

    assert (message.text, message.html) == ("", "")
    assert "Riverside" in sink.mails[0].get_body(("plain",)).get_content()


@pytest.mark.django_db
def test_calendar_file_keeps_its_method(sink):
    message = a_message(files=[File("session.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\n")])
    send_message(message_id=message.pk)

    (part,) = list(sink.mails[0].iter_attachments())
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    assert part.get_filename() == "session.ics"


@pytest.mark.django_db
def test_somebody_without_an_address_gets_no_mail_and_is_not_forgotten():
    message = a_message(to=UserFactory(email="", confirmed=False))

    assert (message.channel, message.address, message.text) == ("letter", "", "")
    assert message.words.startswith("Riverside has given you a role: Lay tutor.")
    assert OrmQ.objects.count() == 0


@pytest.mark.django_db
def test_the_sweep_is_scheduled_once():
    assert Schedule.objects.filter(name="notifications.sweep").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("is_secret", "stays"), [(True, False), (False, True)])
def test_a_secret_link_does_not_outlive_the_last_attempt(settings, is_secret, stays):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message = a_message(is_secret=is_secret)
    Message.objects.update(attempts=MOST_ATTEMPTS - 1)

    send_message(message_id=message.pk)

    message.refresh_from_db()
    assert message.given_up_at is not None
    assert (bool(message.text), bool(message.html)) == (stays, stays)
