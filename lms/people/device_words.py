"""What a browser says of itself, in words by which its owner knows it again."""

from django.utils.translation import gettext as _

# The first that is found counts: many browsers name others in passing.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
]


def device_in_words(user_agent: str) -> str:
    """Such as "Chrome on an Android phone". Says only what it knows."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    device = _device(user_agent)
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("A browser we do not know")


def _device(user_agent: str) -> str:
    known = [
        ("iPhone", _("an iPhone")),
        ("iPad", _("an iPad")),
        ("Android", _("an Android phone") if "Mobile" in user_agent else _("an Android tablet")),
        ("Windows", _("a Windows computer")),
        ("CrOS", _("a Chromebook")),
        ("Macintosh", _("a Mac")),
        ("Linux", _("a Linux computer")),
    ]
    return next((words for sign, words in known if sign in user_agent), "")
