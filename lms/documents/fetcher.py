"""What a document may fetch: the files it was given, by exact address, and nothing else on this or any machine."""

from collections.abc import Iterable
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

CONTENT_TYPES = {".ttf": "font/ttf", ".svg": "image/svg+xml"}


class Denied(ValueError):
    """A document asked for something that is not ours to give. WeasyPrint leaves the thing out and goes on."""


class OnlyOurs(URLFetcher):
    """Answers from a fixed list of files and never opens an address.

    It stands in for WeasyPrint's own fetcher, which reads any file and any host. `fetch` is the one door: the
    base class's way of opening addresses is closed too, so that nothing can go round it.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=False)
        self.handlers.clear()
        self.handle_open.clear()
        self._files = {path.as_uri(): path for path in files}

    def fetch(self, url: str, headers=None) -> URLFetcherResponse:
        path = self._files.get(url)
        if path is None:
            raise Denied(f"A document may not fetch {url[:200]!r}.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": CONTENT_TYPES[path.suffix]})

    def open(self, fullurl, data=None, timeout=None) -> URLFetcherResponse:
        return self.fetch(fullurl if isinstance(fullurl, str) else fullurl.full_url)
