"""Word documents, written by a library that writes what Word writes, and some by hand."""

import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from articles.importers.article import Unreadable
from articles.importers.reading import read
from articles.importers.word_file import MAX_PART

LEAD = "Joint pain can begin slowly and spread over many months."


def saved(document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def archive(**parts: str) -> bytes:
    """A .docx of these parts only; `__` in a name stands for a slash, `_` for a dot."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return file.getvalue()


def body(inside: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:document xmlns:w="{space}"><w:body>{inside}</w:body></w:document>'


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, "text.docx")
    return caught.value.reason


def test_title_headings_lists_tables_and_marks_come_over():
    document = Document()
    document.add_heading("When joints hurt", 0)
    document.add_paragraph(LEAD)
    document.add_heading("What helps", 1)
    paragraph = document.add_paragraph("Some find ")
    paragraph.add_run("rest").bold = True
    paragraph.add_run(" and ")
    paragraph.add_run("warmth").italic = True
    paragraph.add_run(" helpful & soothing.")
    document.add_heading("Day by day", 2)
    document.add_paragraph("Walk", style="List Bullet")
    document.add_paragraph("Slowly", style="List Bullet 2")
    document.add_paragraph("Sleep", style="List Bullet")
    document.add_paragraph("First", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Day", "Pain", "1", "much"], strict=True):
        cell.text = text
    found = read(saved(document), "pain.docx")
    assert (found.title, found.slug) == ("When joints hurt", "when-joints-hurt")
    assert found.summary.startswith(LEAD)
    assert found.body_html.replace("\n", "") == (
        f"<p>{LEAD}</p><h2>What helps</h2>"
        "<p>Some find <strong>rest</strong> and <em>warmth</em> helpful &amp; soothing.</p>"
        "<h3>Day by day</h3>"
        "<ul><li>Walk</li><li>Slowly</li><li>Sleep</li></ul><ol><li>First</li></ol>"
        "<table><tbody><tr><td>Day</td><td>Pain</td></tr><tr><td>1</td><td>much</td></tr>"
        "</tbody></table>"
    )


def test_links_come_over_and_dangerous_ones_lose_their_target():
    document = Document()
    for target, words in [("https://example.org/a?b=1&c=2", "a page"), ("javascript:x", "script")]:
        key = document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), key)
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = words
        run.append(text)
        link.append(run)
        document.add_paragraph("See ")._p.append(link)
    html = read(saved(document), "links.docx").body_html
    assert '<p>See <a href="https://example.org/a?b=1&amp;c=2">a page</a></p>' in html
    assert "<p>See script</p>" in html


def test_deeper_lists_open_and_close_in_order():
    space = "<w:p><w:pPr><w:numPr><w:ilvl w:val='{}'/><w:numId w:val='1'/></w:numPr></w:pPr>"
    item = space + "<w:r><w:t>{}</w:t></w:r></w:p>"
    depths = [(0, "a"), (2, "b"), (1, "c"), (0, "d")]
    text = "".join(item.format(depth, words) for depth, words in depths)
    html = read(archive(word__document_xml=body(text)), "list.docx").body_html
    assert html.count("<ul>") == html.count("</ul>") and html.count("<li>") == html.count("</li>")
    assert [words in html for _, words in depths] == [True] * 4


def test_deleted_words_go_and_inserted_ones_stay():
    text = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>and added words.</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    found = read(archive(word__document_xml=body(text)), "changes.docx")
    assert found.body_html == "<p>Kept and added words.</p>"


def test_without_a_title_the_name_of_the_file_is_one():
    document = Document()
    document.add_paragraph(LEAD)
    assert read(saved(document), "my_joint-pain.docx").title == "My joint pain"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 but no more", "This is not a Word document"),
        (b"just words", "This is not a Word document"),
        (archive(mimetype="application/epub"), "This is not a Word document"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "protected by a password"),
        (archive(word__document_xml="<w:document"), "not well-formed XML"),
        (archive(word__document_xml=body("")), "no readable text"),
        (
            archive(
                word__document_xml='<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
                + body("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>")
            ),
            "document type declaration",
        ),
        (archive(word__document_xml=" " * (MAX_PART + 1)), "unpacks to more than 20 MB"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(data, reason):
    assert reason in refusal(data)


def test_a_damaged_archive_is_refused():
    document = Document()
    document.add_paragraph(LEAD)
    data = bytearray(saved(document))
    with zipfile.ZipFile(BytesIO(bytes(data))) as packed:
        start = packed.getinfo("word/document.xml").header_offset + 80
    data[start : start + 60] = b"\xff" * 60
    assert "damaged" in refusal(bytes(data))


def test_styles_based_on_each_other_in_a_circle_end():
    styles = body("").replace("document", "styles").replace("<w:body>", "").replace("</w:body>", "")
    circle = "".join(
        f"<w:style w:type='paragraph' w:styleId='{a}'><w:name w:val='{a}'/>"
        f"<w:basedOn w:val='{b}'/></w:style>"
        for a, b in ("XY", "YX")
    )
    styles = styles.replace("</w:styles>", circle + "</w:styles>")
    text = f"<w:p><w:pPr><w:pStyle w:val='X'/></w:pPr><w:r><w:t>{LEAD}</w:t></w:r></w:p>"
    found = read(archive(word__document_xml=body(text), word__styles_xml=styles), "x.docx")
    assert found.body_html == f"<p>{LEAD}</p>"
