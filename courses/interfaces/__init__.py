"""Between our pages and the formats they come in."""
