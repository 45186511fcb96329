"""How gunicorn serves the site: `gunicorn --config python:lms.serving lms.wsgi:application`.

Its own log writes addresses with their query, where somebody came from and what they browse with. Here an access is one line:
when, how, which route, what came of it, and how long it took.
"""

import os

from gunicorn.glogging import Logger

from lms.core.log import ROUTE, PlainFormatter


class PlainLogger(Logger):
    """gunicorn's logger with our formatter on what goes wrong."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PlainFormatter())


logger_class = PlainLogger
access_log_format = f"%(t)s %({{{ROUTE}}}e)s %(s)s %(B)s bytes %(M)s ms"
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
# Nobody runs the server from outside its own process.
control_socket_disable = True
loglevel = os.environ.get("LOG_LEVEL", "warning")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# One copy of the code in memory, and an error in it stops the start rather than each worker.
preload_app = True
graceful_timeout = 10
# A page that takes longer is not coming; the database gives up before (DATABASES in lms/settings/base.py).
timeout = 60
