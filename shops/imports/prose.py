"""Descriptions of other systems are HTML, ours are text: paragraphs and lists stay readable, all else goes."""

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

import nh3

LONGEST_SOURCE = 60_000  # letters of HTML that are looked at: what follows is no description of a product
DEEPEST = 40  # a parser of HTML needs the square of the depth: a megabyte of open tags would keep it for half an hour
DEEPEST_LIST = 4  # further levels are written like this one
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "pre", "section", "dl"}
_LINES = {"br", "tr", "dt", "dd"}
_LISTS = {"ul", "ol"}
_TAGS = _BLOCKS | _LINES | _LISTS | {"li", "td", "th"}
_SILENT = {"script", "style", "template", "noscript", "iframe", "svg", "math", "object", "textarea", "title", "head"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr"}
_CLOSE_THEMSELVES = {"p", "li", "tr", "td", "th", "dt", "dd"}  # when the next one begins
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*'){0,4000}+)>|<""")
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_SHORTCODES = re.compile(r"\[/?(?:[a-z]+_[a-z_]+|gallery|caption|embed|video|audio|playlist)(?:\s[^\[\]]{0,500})?\]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff]")
_DASHES = re.compile(r"^([ \t]*)[-*+–][ \t]+", re.MULTILINE)


@lru_cache(maxsize=64)  # the variants of one product have one description
def plain(source: str, *, most: int = 5000, breaks: bool = False) -> str:
    """The text of an HTML (or plain) description, at most `most` letters.

    `breaks`: line ends of the source count, as WordPress reads them. In HTML without it they are mere spaces.
    """
    source = _SHORTCODES.sub("", source[:LONGEST_SOURCE].replace("\r\n", "\n").replace("\r", "\n"))
    if _MARKUP.search(source):
        writer = _Writer(breaks=breaks)
        writer.feed(nh3.clean(_tamed(source), tags=_TAGS, clean_content_tags=_SILENT, attributes={}))
        writer.close()
        text = writer.text()
    else:
        text = re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n\n", unescape(source))
    text = _DASHES.sub(r"\1• ", _UNPRINTABLE.sub("", text)).strip()
    return _shortened(text, most)


def joined(short: str, long: str, *, most: int = 5000) -> str:
    """A summary and a description as one text; a summary that the description repeats is said once."""
    return _shortened(long if short in long else f"{short}\n\n{long}".strip(), most)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    last = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most))
    return text[: last if last > most // 2 else most - 1].rstrip() + "…"


def _tamed(source: str) -> str:
    """The same HTML without comments and attributes, nested at most `DEEPEST` deep; a "<" that begins no tag is a letter."""
    open_tags: list[str] = []

    def tag(found: re.Match) -> str:
        closes, name = found[1], (found[2] or "").lower()
        if not name:
            return "&lt;"
        if closes and name in open_tags:
            open_tags.remove(name)
        elif not closes and name not in _VOID and name not in _CLOSE_THEMSELVES:
            if len(open_tags) == DEEPEST:
                return " "
            open_tags.append(name)
        return f"<{closes}{name}>"

    return _TAG.sub(tag, _without_comments(source))


def _without_comments(source: str) -> str:
    parts = source.split("<!--")
    return parts[0] + "".join(part.partition("-->")[2] for part in parts[1:])


class _Writer(HTMLParser):
    """Writes the clean HTML of nh3 as lines: every tag in it is known and closed."""

    def __init__(self, *, breaks: bool):
        super().__init__(convert_charrefs=True)
        self._breaks = breaks
        self._lines: list[str] = []
        self._words: list[str] = []
        self._gap = False
        self._bullet = ""
        self._lists: list[int] = []  # of each open list the number of its last item; below zero: without numbers

    def handle_starttag(self, tag, attrs):
        if tag in _LISTS:
            self._end_line(gap=not self._lists)
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._begin_item()
        elif tag in ("td", "th"):
            self._words.append(" ")
        else:
            self._end_line(gap=tag in _BLOCKS)

    def handle_endtag(self, tag):
        if tag in _LISTS:
            self._end_line()
            self._lists = self._lists[:-1]
            self._gap = not self._lists
        elif tag not in ("td", "th"):
            self._end_line(gap=tag in _BLOCKS)

    def handle_data(self, data):
        if not self._breaks:
            self._words.append(data)
            return
        for number, line in enumerate(data.split("\n")):
            if number:
                self._end_line(gap=number > 1)
            self._words.append(line)

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines)

    def _begin_item(self) -> None:
        self._end_line()
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            self._bullet = f"{self._lists[-1]}. "
        else:
            self._bullet = "• "

    def _end_line(self, *, gap: bool = False) -> None:
        line = re.sub(r"[ \t\n\f\r]+", " ", "".join(self._words)).strip(" ")
        self._words = []
        if line:
            if self._gap and self._lines:
                self._lines.append("")
            self._gap = False
            self._lines.append(self._indent() + self._bullet + line)
            self._bullet = ""
        self._gap = self._gap or (gap and not self._lists)

    def _indent(self) -> str:
        deep = min(len(self._lists), DEEPEST_LIST)
        return "  " * (deep - 1 if self._bullet else deep) if deep else ""
