"""An app of the tests alone: a page with every kind of widget that Wagtail's editor has, in a field and in a block."""
