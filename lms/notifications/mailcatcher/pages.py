"""What the mail catcher shows: plain pages without scripts, everything from a mail escaped."""

import re
from html import escape

from lms.notifications.mailcatcher import store as mails
from lms.notifications.mailcatcher.store import MailStore

SHOWN_HEADERS = ["From", "To", "Cc", "Reply-To", "Date", "Subject", "Message-ID", "List-Unsubscribe"]
STYLE = """
body { font: 1.125rem/1.5 "Atkinson Hyperlegible", arial, sans-serif; margin: 0 auto; max-width: 60rem;
  padding: 1rem; color: #212b32; background: #fff; }
table { border-collapse: collapse; width: 100%; }
caption, th { text-align: left; }
caption { padding-bottom: .5rem; }
th, td { padding: .5rem 1rem .5rem 0; border-bottom: 1px solid #aeb7bd; vertical-align: top; overflow-wrap: anywhere; }
a { display: inline-block; min-height: 24px; color: #005eb8; }
pre a { display: inline; }
a:focus { outline: 4px solid #ffeb3b; background: #ffeb3b; color: #212b32; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; background: #f0f4f5; font: inherit; }
"""
ADDRESS = re.compile(r"""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]""")


def page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css"></head><body><main>{body}</main></body></html>'
    )


def mail_list(store: MailStore) -> str:
    rows = []
    for key in store.newest_first():
        message = store.message(key)
        if message is None:  # forgotten since the list was made
            continue
        subject = escape(mails.header(message, "Subject")) or "(no subject)"
        to, sent = (escape(mails.header(message, name)) for name in ("To", "Date"))
        rows.append(
            f'<tr><th scope="row"><a href="/mail/{key}">{subject}</a></th><td>{to}</td><td>{sent}</td></tr>'
        )
    if not rows:
        return page(
            "Mails",
            "<h1>Mails</h1><p>No mail has come yet. Load this page again after the site sent one.</p>",
        )
    table = (
        "<table><caption>Mails the site sent, newest first. Nobody else has received them.</caption>"
        '<thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Sent</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
    return page("Mails", f"<h1>Mails</h1>{table}")


def mail(store: MailStore, key: str) -> str | None:
    message = store.message(key)
    if message is None:
        return None
    subject = mails.header(message, "Subject") or "(no subject)"
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{escape(mails.header(message, name))}</td></tr>'
        for name in SHOWN_HEADERS
        if name in message
    )
    parts = [
        '<p><a href="/">All mails</a></p>',
        f"<h1>{escape(subject)}</h1>",
        f"<table><tbody>{rows}</tbody></table>",
    ]
    text = mails.body(message, "plain")
    if text is not None:
        parts.append(f"<h2>Text</h2><pre>{linked(text)}</pre>")
    if mails.body(message, "html") is not None:
        parts.append(f'<h2>Formatted</h2><p><a href="/mail/{key}/html">Open the formatted mail</a></p>')
    found = mails.attachments(message)
    if found:
        items = "".join(
            f'<li><a href="/mail/{key}/attachments/{number}">{escape(name)}</a> ({escape(kind)}, {len(content)} bytes)</li>'
            for number, (name, kind, content) in enumerate(found)
        )
        parts.append(f"<h2>Attachments</h2><ul>{items}</ul>")
    parts.append(f'<p><a href="/mail/{key}/source">Save the whole mail</a></p>')
    return page(subject, "".join(parts))


def linked(text: str) -> str:
    """Escaped text in which http addresses, and nothing else, can be followed."""
    out, end = [], 0
    for found in ADDRESS.finditer(text):
        address = escape(found.group())
        out += [escape(text[end : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        end = found.end()
    return "".join([*out, escape(text[end:])])
