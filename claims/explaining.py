"""Terms of the glossary explained where a text uses them first."""

from lxml.html import builder

from therapies import glossary

# Where a link would stand in a link, or a heading would become two things at once.
_NOT_IN = {"a", "h2", "h3", "h4", "cite", "sup", "th", "figure"}


def explain_terms(root) -> None:
    """Link the first use of each term in a tree to its definition. The words stay as they are."""
    _explain_below(root, set())


def _explain_below(node, explained: set[str]) -> None:
    """The text of a node and what stands between its children, then each child."""
    children = [child for child in node if isinstance(child.tag, str)]
    _explain(node, False, explained)
    for child in list(node):
        _explain(child, True, explained)
    for child in children:
        if child.tag not in _NOT_IN:
            _explain_below(child, explained)


def _explain(node, is_tail: bool, explained: set[str]) -> None:
    """Explain what is new in `node.text`, or in the text behind the node."""
    text = node.tail if is_tail else node.text
    links, reached = [], 0
    before = ""
    for start, end, term in glossary.places_in(text) if text else ():
        if term.id in explained:
            continue
        explained.add(term.id)
        between = text[reached:start]
        if links:
            links[-1].tail = between
        else:
            before = between
        href = term.get_absolute_url()
        links.append(builder.A(text[start:end], {"class": "term", "href": href}))
        reached = end
    if not links:
        return
    links[-1].tail = text[reached:]
    if is_tail:
        parent, index = node.getparent(), node.getparent().index(node) + 1
        node.tail = before
    else:
        parent, index = node, 0
        node.text = before
    for offset, link in enumerate(links):
        parent.insert(index + offset, link)
