"""From written French to comparable words, in Python, so that SQLite and PostgreSQL give the same answers.

Accents are folded before stemming, on both sides: people leave them out, and a stem must not depend on that.
"""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

from snowballstemmer import stemmer

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")
_FRENCH = stemmer("french")
_one_at_a_time = Lock()  # the stemmer keeps the word that it works on in itself

# Words that say nothing of a product; single letters (l', d', à) go by their length.
COMMON = frozenset(
    re.findall(
        "[a-z]+",
        "au aux avec ce ces dans de des du elle en et il la le les leur ne nos notre ou par pas pour que qui "
        "sa se ses son sur un une vos votre",
    )
)


def fold(text: str) -> str:
    """Lower case without accents or ligatures: "Œufs à la coque" becomes "oeufs a la coque"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def stems(text: str) -> list[str]:
    """The French stems of the words that matter, in their order."""
    words = _WORD.findall(fold(text))
    return [_stem(word) for word in words if word not in COMMON and (len(word) > 1 or word.isdigit())]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """A quarter of a millisecond for a new word; the goods of a town repeat theirs."""
    with _one_at_a_time:
        return _FRENCH.stemWord(word)


def indexed(*texts: str) -> str:
    """What is kept of some texts: their stems between spaces."""
    return " ".join(stems(" ".join(text for text in texts if text)))
