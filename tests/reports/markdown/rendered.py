"""Markdown as a reader sees it: rendered by a library, with what GitHub looks for afterwards."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

ELEMENTS = {"p", "span", "strong", "br", "h2", "h3", "ul", "li", "code"}
ELEMENTS |= {"table", "thead", "tbody", "tr", "th", "td"}
# GitHub looks for these in each text of the page that Markdown has made.
SEARCHED = re.compile(r"@\w|#\d|GH-\d|://|:\w+:|www\.|\$.*\$", re.IGNORECASE)


class Page(HTMLParser):
    """The elements of a page, its texts, and its tables as cells."""

    def __init__(self, markdown):
        super().__init__()
        self.elements, self.attributes, self.texts, self.rows = set(), [], [], []
        self.in_cell = False
        library = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        self.feed(library.render(markdown))

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag):
        self.in_cell = self.in_cell and tag not in ("td", "th")

    def handle_data(self, data):
        self.texts.append(data)
        if self.in_cell:
            self.rows[-1][-1] += data

    @property
    def text(self):
        return "".join(self.texts)

    def obeyed(self):
        """What is there beside words: elements that the report does not make, and marks."""
        found = [f"<{tag}>" for tag in self.elements - ELEMENTS] + self.attributes
        return found + [text for text in self.texts if SEARCHED.search(text)]
