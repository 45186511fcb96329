"""What an editor's check refused, as sentences: for who reads no form, such as the loader."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError


def sentences_of(error: ValidationError) -> Iterator[str]:
    """Every sentence of a refusal, those of blocks within blocks included, in the order of their places."""
    within = getattr(error, "block_errors", None)
    if within is None and not hasattr(error, "non_block_errors"):
        yield from error.messages
        return
    for above in error.non_block_errors.as_data():
        yield from sentences_of(above)
    for _place, one in sorted((within or {}).items(), key=lambda pair: str(pair[0])):
        yield from sentences_of(one)
