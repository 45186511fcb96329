"""Forms of courses, by what they are about."""
