"""Descriptions of other systems as text: what a resident reads, and that nothing hostile or endless comes through."""

import pytest

from shops.imports import prose


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Du pain.\n\n\n\nDu bon.", "Du pain.\n\nDu bon."),
        ("Pain &amp; vin, 5 < 6", "Pain & vin, 5 < 6"),
        ("<p>Pain&nbsp;bis</p><p>Cuit <b>au</b>\n bois</p>", "Pain\xa0bis\n\nCuit au bois"),
        ("<h2>Le pain</h2>Farine<br>Eau<br/><br/>Sel", "Le pain\n\nFarine\nEau\nSel"),
        ("Avec :<ul><li>farine</li><li>eau</li></ul>Miam", "Avec :\n\n• farine\n• eau\n\nMiam"),
        ("<ol><li>Couper</li><li>Manger</li></ol>", "1. Couper\n2. Manger"),
        (
            "<ul><li>Pains<ul><li>bis</li><li><p>blanc</p></li></ul></li><li>Vins</li></ul>",
            "• Pains\n  • bis\n  • blanc\n• Vins",
        ),
        (
            "<table><tr><th>Poids</th><td>500 g</td></tr><tr><th>Origine</th><td>Anjou</td></tr></table>",
            "Poids 500 g\nOrigine Anjou",
        ),
        ("<p>Un</p>\n<p></p>\n<div><div><p>Deux</p></div></div>", "Un\n\nDeux"),
        ("<p>- farine<br>- eau</p>", "• farine\n• eau"),
        (
            "Bon<script>alert(1)</script><style>p{}</style><svg><text>x</text></svg> pain<!-- wp:paragraph -->",
            "Bon pain",
        ),
        ('<p onclick="x()">Un <a href="javascript:alert(1)">lien</a><img src=x onerror=alert(1)></p>', "Un lien"),
        ("<scr<script>ipt>alert(1)</script>pain", "<scrpain"),
        ("<a title=\"a>b\" data-x='<'>Pain</a> <<b>bis</b>", "Pain <bis"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("Un\x00\x07 \u200bdeux", "Un deux"),
        ('[vc_row][vc_column width="1/2"]Pain [bio][/vc_column][/vc_row][gallery ids="1,2"]', "Pain [bio]"),
        ("</p></ul></li>Pain", "Pain"),
    ],
)
def test_html_becomes_text_that_reads_well(source, text):
    assert prose.plain(source) == text


def test_line_ends_count_where_the_other_system_counts_them():
    source = "Le <b>pain</b>\nde la maison\n\nCuit au bois\n<ul>\n<li>bio</li>\n\n<li>local</li>\n</ul>\nVoilà"

    assert prose.plain(source, breaks=True) == ("Le pain\nde la maison\n\nCuit au bois\n\n• bio\n• local\n\nVoilà")
    assert prose.plain(source) == "Le pain de la maison Cuit au bois\n\n• bio\n• local\n\nVoilà"


def test_a_long_text_ends_at_a_word():
    assert prose.plain("pain " * 2000, most=20) == "pain pain pain pain…"
    assert prose.plain("x" * 6000) == "x" * 4999 + "…"


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 200_000 + "Pain",
        "<ul><li>" * 120_000 + "Pain",
        "<b>" * 330_000 + "Pain",
        "<table><tr><td>" * 60_000,
        "<" * 1_000_000,
        "&" * 1_000_000,
        "[vc_row " * 120_000,
        "<a href='" + "x" * 1_000_000,
        "<!--" * 250_000,
        '<div title="<">' * 60_000 + "Pain",
        "<div></span>" * 80_000,
        "<a \"'<a'\" " * 90_000,
        "<p><b>" * 160_000,
    ],
)
def test_a_megabyte_of_nonsense_is_read_no_further_than_a_description_is_long(source):
    assert len(source) >= 800_000

    assert len(prose.plain(source)) <= 5000


def test_what_is_nested_beyond_reason_keeps_its_words():
    assert prose.plain("<div>" * 5_000 + "Pain" + "</div>" * 5_000) == "Pain"
    assert prose.plain("<ul><li>x" * 6) == "• x\n  • x\n    • x\n      • x\n      • x\n      • x"
