"""What is wrong with a template, in words for whoever edited it."""


class PaperFault(Exception):  # noqa: N818 - it is the template's
    """A template cannot be filled in or drawn; the text says what in it, in Vietnamese."""
