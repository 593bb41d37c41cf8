"""Templates whose fixed parts are worked out once and whose variables are found without detours.

Django renders a template node by node. On a reader's page more than half of the time went into
that: translating the same words again, loading the same included template again, looking each
variable up by trial and error. This loader reads our own templates with Django's parser and puts
quicker nodes in the place of some of Django's. What comes out is the same, byte for byte
(tests/site/test_quick_templates.py); docs/decisions/0036 says what was measured.

Nothing is changed while DEBUG is on, so that Django's error pages can point at the line.
"""

import html
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.template import Origin, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import AutoEscapeControlNode, IfNode, URLNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

# In these the same node may come out differently from one place to the next.
_CHANGING = (LanguageNode, AutoEscapeControlNode)


class Loader(cached.Loader):
    """As Django's cached loader; makes the templates of our own folders quicker."""

    def __init__(self, engine, loaders):
        super().__init__(engine, loaders)
        self._lock = threading.Lock()

    def get_template(self, template_name, skip=None) -> Template:
        """The template; while one thread makes it quicker, others wait."""
        template = super().get_template(template_name, skip)
        if not self.engine.debug and not hasattr(template, "is_quick"):
            with self._lock:
                if not hasattr(template, "is_quick"):
                    if _is_ours(template.origin) and not _holds(template.nodelist, _CHANGING):
                        _quicken(template.nodelist)
                    template.is_quick = True
        return template


def _is_ours(origin: Origin) -> bool:
    return any(Path(origin.name).is_relative_to(folder) for folder in settings.TEMPLATES[0]["DIRS"])


def _holds(nodes: NodeList, kinds) -> bool:
    return any(nodes.get_nodes_by_type(kind) for kind in kinds)


# Putting the quicker nodes in


def _quicken(nodes: NodeList) -> None:
    """Change a list of nodes, and all below it, in place."""
    quicker: list[Node] = []
    for node in nodes:
        for child in _children(node):
            _quicken(child)
        for expression in _expressions(vars(node).values()):
            _quicken_expression(expression)
        quicker.append(_quicker(node))
    nodes[:] = _merged(quicker)
    nodes.__class__ = _QuickList


def _children(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [nodes for _, nodes in node.conditions_nodelists]
    found = (getattr(node, name, None) for name in node.child_nodelists)
    return [nodes for nodes in found if isinstance(nodes, NodeList)]


def _expressions(values) -> Iterator[FilterExpression]:
    """The expressions among a node's attributes: by themselves, in lists, in conditions."""
    for value in values:
        if isinstance(value, FilterExpression):
            yield value
        elif isinstance(value, NodeList):
            continue
        elif isinstance(value, list | tuple):
            yield from _expressions(value)
        elif isinstance(value, dict):
            yield from _expressions(value.values())
        elif isinstance(value, TokenBase):
            yield from _expressions([getattr(value, "value", None), value.first, value.second])


def _quicken_expression(expression: FilterExpression) -> None:
    arguments = [a for _, given in expression.filters for is_variable, a in given if is_variable]
    for variable in (expression.var, *arguments):
        if type(variable) is Variable and variable.lookups and not variable.translate:
            variable.__class__ = _QuickVariable


def _quicker(node: Node) -> Node:
    """The node, or one that does the same in less time."""
    kind = type(node)
    if kind is VariableNode:
        node.__class__ = _Shown
        node.find = _finder(node.filter_expression)
    elif kind is IfNode:
        node.__class__ = _QuickIf
        node.tests = [(_test(c), nodes) for c, nodes in node.conditions_nodelists]
    elif kind is BlockTranslateNode and not node.message_context and not node.trimmed:
        node.__class__ = _QuickBlockTranslate
        node.known = {}
    elif kind is IncludeNode and _is_text(node.template) and not node.isolated_context:
        if not node.template.var.startswith("."):
            return _Included(node)
    elif _is_fixed(node):
        name = getattr(node, "asvar", None) or getattr(node, "varname", None)
        return _FixedName(node, name) if name else _Fixed([node])
    return node


def _is_fixed(node: Node) -> bool:
    """Whether the node comes out the same wherever it stands, but for the language."""
    if type(node) is TranslateNode:
        variable = node.filter_expression.var
        is_literal = isinstance(variable, Variable) and variable.lookups is None
        return is_literal and not node.filter_expression.filters and not node.message_context
    if type(node) is URLNode:
        return _is_text(node.view_name) and not node.args and not node.kwargs
    return type(node) is StaticNode and _is_text(node.path)


def _is_text(expression: FilterExpression) -> bool:
    return type(expression.var) is SafeString and not expression.filters


def _merged(nodes: list[Node]) -> list[Node]:
    """The nodes, with neighbours that are fixed put together."""
    merged: list[Node] = []
    for node in nodes:
        before = merged[-1] if merged else None
        # What stands first must stay a text node: `{% extends %}` looks for it behind one.
        if type(before) is _Fixed and type(node) in (TextNode, _Fixed):
            before.nodes += [node] if type(node) is TextNode else node.nodes
        elif type(before) is TextNode and type(node) is _Fixed:
            merged[-1] = _Fixed([before, *node.nodes])
        else:
            merged.append(node)
    return merged


# The quicker nodes


class _QuickList(NodeList):
    """Without the detour that lets Django's error page point at a node while DEBUG is on."""

    def render(self, context):
        return SafeString("".join([node.render(context) for node in self]))


class _QuickVariable(Variable):
    """Goes straight to dictionaries and attributes; what is unusual is left to Django."""

    __slots__ = ()

    def resolve(self, context):
        name, *further = self.lookups
        for scope in reversed(context.dicts):
            if name in scope:
                found = scope[name]
                break
        else:
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, context))
        try:
            if callable(found):
                found = _called(found)
            for name in further:
                found = _part(found, name)
                if callable(found):
                    found = _called(found)
        except _NoSuchKey:
            raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (name, found)) from None
        except Exception:
            return super().resolve(context)
        return found


class _NoSuchKey(Exception):
    """There is none of this name, and nothing else could be meant."""


class _Unusual(Exception):
    """Django knows what to do with it."""


def _part(whole, name: str):
    kind = type(whole)
    if kind is dict:
        try:
            return whole[name]
        except KeyError:
            raise (_Unusual if hasattr(whole, name) or name.isdigit() else _NoSuchKey) from None
    if hasattr(kind, "__getitem__"):
        raise _Unusual
    try:
        return getattr(whole, name)
    except AttributeError:
        # A property that failed is another thing than one that is not there.
        is_there = hasattr(kind, name) or hasattr(kind, "__getattr__")
        raise (_Unusual if is_there else _NoSuchKey) from None


def _called(function):
    if getattr(function, "do_not_call_in_templates", False):
        return function
    if getattr(function, "alters_data", False):
        raise _Unusual
    return function()


def _shown(value, context) -> str:
    """As Django's `render_value_in_context`; most values are texts."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str and context.autoescape:
        return html.escape(value)
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    return render_value_in_context(value, context)


def _finder(expression: FilterExpression) -> Callable:
    """What answers the expression's value; for a mere variable without a detour."""
    if type(expression.var) is not _QuickVariable or expression.filters:
        return expression.resolve
    resolve, when_missing = expression.var.resolve, expression.resolve

    def find(context):
        try:
            return resolve(context)
        except VariableDoesNotExist:
            return when_missing(context)

    return find


class _Shown(VariableNode):
    find: Callable

    def render(self, context):
        return _shown(self.find(context), context)


def _test(condition) -> Callable | None:
    """Whether a condition of an `{% if %}` holds; None for `{% else %}`."""
    expression = getattr(condition, "value", None)
    if isinstance(expression, FilterExpression) and not expression.filters and expression.is_var:
        return expression.var.resolve
    return condition and condition.eval


class _QuickIf(IfNode):
    tests: list[tuple[Callable | None, NodeList]]

    def render(self, context):
        for holds, nodes in self.tests:
            try:
                if holds is None or holds(context):
                    return nodes.render(context)
            except VariableDoesNotExist:
                continue
        return ""


def _wording(context) -> tuple:
    """What fixed nodes depend on; asked once while a page is rendered."""
    try:
        return context.wording
    except AttributeError:
        context.wording = (get_language(), get_script_prefix(), get_urlconf())
        return context.wording


class _Fixed(Node):
    """Texts and nodes that come out the same each time, as one text for each language."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]):
        self.nodes = nodes
        self.known: dict[tuple, str] = {}

    def render(self, context):
        wording = _wording(context)
        text = self.known.get(wording)
        if text is None:
            text = self.known[wording] = "".join(node.render(context) for node in self.nodes)
        return text


class _FixedName(Node):
    """`{% translate "…" as name %}` and its like."""

    child_nodelists = ()

    def __init__(self, node: Node, name: str):
        self.node, self.name = node, name
        self.known: dict[tuple, str] = {}

    def render(self, context):
        wording = _wording(context)
        if wording not in self.known:
            self.node.render(context)
            self.known[wording] = context[self.name]
        context[self.name] = self.known[wording]
        return ""


class _Included(Node):
    """The nodes of an included template, found once."""

    child_nodelists = ()

    def __init__(self, node: IncludeNode):
        self.node = node
        self.given = list(node.extra_context.items())
        self.nodes: NodeList | None = None
        self.is_apart = False  # it needs blocks of its own, which only Django's node gives it

    def render(self, context):
        if self.nodes is None:
            self._find(context)
        if self.is_apart:
            return self.node.render(context)
        context.dicts.append({name: value.resolve(context) for name, value in self.given})
        try:
            return self.nodes.render(context)
        finally:
            context.dicts.pop()

    def _find(self, context) -> None:
        template = context.template.engine.get_template(self.node.template.var)
        self.is_apart = _holds(template.nodelist, (ExtendsNode, BlockNode))
        self.nodes = template.nodelist


class _QuickBlockTranslate(BlockTranslateNode):
    """Translates each wording of a sentence once, and puts the values in."""

    known: dict

    def render(self, context, nested=False):
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        context.dicts.append(values)
        try:
            number = self.counter.resolve(context) if self.plural and self.counter else None
            if number is not None:
                values[self.countervar] = number
            wording = (*_wording(context), number)
            if wording not in self.known:
                if len(self.known) > 500 or type(number) not in (int, type(None)):
                    raise _Unusual
                self.known[wording] = self._translated(number)
            sentence, names = self.known[wording]
            text = sentence % {name: _shown(context[name], context) for name in names}
        except Exception:
            text = None
        finally:
            context.dicts.pop()
        if text is None:
            return super().render(context, nested)
        if self.asvar:
            context[self.asvar] = SafeString(text)
            return ""
        return text

    def _translated(self, number) -> tuple[str, list[str]]:
        singular, names = self.render_token_list(self.singular)
        if number is None:
            return gettext(singular), names
        plural, more = self.render_token_list(self.plural)
        return ngettext(singular, plural, number), [*names, *more]
