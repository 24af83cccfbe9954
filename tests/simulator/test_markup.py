"""The server's HTML: entities in UTF-16 units, refusals in its words (tdlib, parse_html and its tests)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.answers import Json
from simulator.markup import MarkupError, parse_html
from simulator.text import units


def entity(kind: str, offset: int, length: int, **more: object) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>bold</b>", "bold", [entity("bold", 0, 4)]),
        ("<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd", [
            entity("bold", 0, 1), entity("italic", 1, 1), entity("underline", 2, 1),
            entity("strikethrough", 3, 1),
        ]),
        ("<strike>a</strike><s>b</s><u>c</u><i>d</i>", "abcd", [
            entity("strikethrough", 0, 1), entity("strikethrough", 1, 1), entity("underline", 2, 1),
            entity("italic", 3, 1),
        ]),
        ("😀<b>😀</b>a", "😀😀a", [entity("bold", 2, 2)]),
        ("حالة <b>الطلب</b>", "حالة الطلب", [entity("bold", 5, 5)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<B>a</b>", "a", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("a</>", "", None),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("&lt;b&gt; &amp;&quot;&#33;&#x1F600;", '<b> &"!😀', []),
        ("&nbsp;&unknown; AT&T", "&nbsp;&unknown; AT&T", []),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", "ab",
         [entity("spoiler", 0, 1), entity("spoiler", 1, 1)]),
        ("<a href='https://example.org'>x</a>", "x", [entity("text_link", 0, 1, url="https://example.org/")]),
        ('<a href="example.org/a?b=1&amp;c=2">x</a>', "x",
         [entity("text_link", 0, 1, url="http://example.org/a?b=1&c=2")]),
        ("<a>example.org</a>", "example.org", [entity("text_link", 0, 11, url="http://example.org/")]),
        ("<a href='nowhere'>x</a>", "x", []),
        ("<a href='tg://user?id=41'>x</a>", "x", [entity("text_mention", 0, 1, mentioned=41)]),
        ("<code>a</code>", "a", [entity("code", 0, 1)]),
        ("<code class='language-py'>a</code>", "a", [entity("code", 0, 1)]),
        ("<pre>a</pre>", "a", [entity("pre", 0, 1)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [entity("pre", 0, 1, language="py")]),
        ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
        ('<blockquote expandable="">a</blockquote>', "a", [entity("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', "👍",
         [entity("custom_emoji", 0, 2, custom_emoji_id="5368")]),
    ],
)  # fmt: skip
def test_markup_becomes_text_and_entities(source: str, text: str, entities: list[Json] | None) -> None:
    if entities is None:
        with pytest.raises(MarkupError):
            parse_html(source)
    else:
        assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("дом <дом>", 'Unsupported start tag "дом" at byte offset 7'),
        ("<!-- a -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a", 'Can\'t find end tag corresponding to start tag "i"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<a =b>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='b", "Unclosed start tag at byte offset 0"),
        ("<a href=b/c>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_markup_is_refused_in_the_server_s_words(source: str, words: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_html(source)
    assert str(refusal.value) == words


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    source = text.replace("&", "&amp;").replace("<", "&lt;")
    assert parse_html(f"<b>{source}</b>") == (text, [entity("bold", 0, units(text))] if text else [])


@given(st.text(alphabet="<>/ab=\"' &;пр😀", max_size=30))
def test_no_text_leads_astray(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except MarkupError:
        return
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= units(text) for e in entities)
