"""Files from outside: what may come in, in what shape, and from where it is given out again.

Whatever is uploaded is hostile until it is shown to be harmless. Nothing is repaired: a file that is not as it should be is
refused with a sentence that says what to do (docs/decisions/0015-uploads.md).
"""
