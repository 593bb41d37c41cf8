"""Elements put into a text's tree without tearing a tag: around words, and behind them."""


def put_in_place(piece, before: str, elements) -> None:
    """Put these elements, tails and all, in the place of a piece of text (`editorial.text.Piece`),
    behind the words `before`."""
    node = piece.node
    if piece.is_tail:
        parent, index = node.getparent(), node.getparent().index(node) + 1
        node.tail = before
    else:
        parent, index = node, 0
        node.text = before
    for offset, element in enumerate(elements):
        parent.insert(index + offset, element)


def put_behind(element, link) -> None:
    """Put a link behind an element, and outside any link that the element stands in."""
    place = next(element.iterancestors("a"), element)
    link.tail, place.tail = place.tail, None
    parent = place.getparent()
    parent.insert(parent.index(place) + 1, link)
