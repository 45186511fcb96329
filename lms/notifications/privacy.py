"""What of the messages is whose."""

from django.utils.translation import gettext_lazy as _

from lms.rights.registry import DELETE, classify

classify(
    "notifications.Message",
    whose="to",
    addressed="address",
    label=_("Messages we sent you"),
    erase=DELETE,
    retention="messages",
    contact="address",
    record="created_at channel subject text not_after sent_at given_up_at settled_at",
    # The same words again, drawn for a mail program, for paper and for the voice.
    sealed="html words",
    link="to",
    # A link that signs in or confirms opens something: it is in the mail alone.
    shown={"text": lambda row: "" if row.is_secret else row.text or row.words},
    plain="id public_id template language message_id is_secret attempts leased_until last_error",
    labels={
        "address": _("To"),
        "created_at": _("Written"),
        "channel": _("By"),
        "subject": _("Subject"),
        "text": _("Message"),
        "sent_at": _("Sent"),
        "given_up_at": _("Given up"),
    },
)
classify(
    "notifications.Attachment",
    whose="message__to",
    addressed="message__address",
    label=_("Files that went with messages"),
    erase=DELETE,
    retention="messages",
    record="filename content",
    link="message",
    plain="id content_type",
    labels={"filename": _("File"), "content": _("Content")},
)
classify(
    "notifications.Handling",
    whose="message__to",
    label=_("What was done with letters and calls to you"),
    erase=DELETE,
    retention="messages",
    record="outcome at",
    link="message by",
    plain="id",
    labels={"outcome": _("What was done"), "at": _("When")},
)
