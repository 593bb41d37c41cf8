"""What stands around an article on a web page: dates, bylines, teasers, buttons, menus.

Works on lines of text, so that plain text and HTML are judged alike. Every pattern is about the
form that such lines take on any site, and asks for the whole line, so that a sentence which
merely mentions sharing or reading is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?,?\s+)?"
_TIME = r"(?:,?\s*(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}\b)?)?"
DATE = (
    rf"{_WEEKDAY}(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}"
    rf"|{_MONTH}\s+\d{{4}}){_TIME}"
)
_DATE = re.compile(DATE, re.I)
_DATE_FIRST = re.compile(rf"(?:{DATE})\s*[|·•:–—-]?\s+(?=[A-Z“\"])", re.I)
_AGO = r"(?:\d{1,2}|an?|one|two|three)\s+(?:minute|hour|day|week|month|year)s?\s+ago"
_LABEL = re.compile(
    r"\b(?:first |last |originally |medically |clinically |fact[- ])?"
    r"(?:published|posted|updated|modified|reviewed|revised|checked|written|created|edited)\b"
    r"|\b(?:date|on|at|in|by|author|editor|reviewer|staff|admin|editorial team|team|min(?:ute)?s?"
    r"|read(?:ing)?(?: time)?|views?|comments?|shares?|likes?|no|leave a comment|print|last|time"
    r")\b",
    re.I,
)
_NAME = (
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+)?[A-Z][\w.’'-]*(?:\s+(?:de|van|von|al|[A-Z][\w.’'-]*)){0,4}"
)
_DEGREE = r"(?:,?\s+(?:M\.?D\.?|Ph\.?\s?D\.?|R\.?N\.?|MPH|MSc?|BSc?|DO|RD|PharmD|MBBS|FRCP|NP)\.?)*"
_BYLINE = re.compile(
    rf"(?:(?i:article |story |words? |written |posted |published |reviewed |medically reviewed "
    rf"|fact[- ]checked |edited )*(?i:by)|(?i:author|writer|editor|reviewer)s?\s*:)\s*:?\s*"
    rf"{_NAME}{_DEGREE}(?:\s*(?:,|and|&)\s*{_NAME}{_DEGREE})*"
    rf"(?:\s*[|·•,–-]?\s*(?:{_DATE.pattern}|{_AGO}))?\.?"
)
_BUTTON_LIST = """
    facebook twitter x pinterest linkedin whatsapp telegram reddit tumblr email e-mail mail
    print messenger instagram youtube tiktok viber skype vk odnoklassniki pocket line mastodon
    bluesky threads flipboard rss google google+ stumbleupon share shares tweet pin post copy
    link url sms like likes follow subscribe via on to this article page story with friends
    your us and or save bookmark it click here more comment comments buttons button icon
"""
_WORDS_OF_BUTTONS = frozenset(_BUTTON_LIST.split())
_NETWORK_LIST = """
    via on to this article page story with your us and or it here more line x post like
"""
_NETWORKS = _WORDS_OF_BUTTONS - frozenset(_NETWORK_LIST.split())
_WHOLE = re.compile(
    rf"""(?:
      (?:estimated\s+)?(?:reading\s+time|read\s+time)\s*[:\-–]?\s*\d{{1,4}}\s*(?:min(?:ute)?s?\.?)?
    | (?:less\s+than\s+)?(?:\d{{1,4}}|a|one)\s*[- ]?min(?:ute)?s?\.?(?:\s+read)?
    | [\d.,]{{1,12}}\s*[km]?\s*(?:views?|shares?|comments?|likes?|reads?|words)
    | (?:no|0)\s+comments?(?:\s+yet)?(?:\s+on\s+.+)? | leave\s+a\s+(?:comment|reply).*
    | {_AGO}
    | (?:skip|jump)\s+to\s+(?:main\s+)?(?:content|navigation).*
    | (?:back\s+to\s+)?top | home | menu | search(?:\s+for)?:? | close | show\s+more | view\s+all
    | (?:toggle\s+)?(?:table\s+of\s+)contents?(?:\s+toggle)? | contents | in\s+this\s+article:?
    | advertise?ments? | sponsored(?:\s+content)? | promoted(?:\s+content)? | ads?\s+by\s+.+
    | (?:continue\s+reading|story\s+continues|article\s+continues).*
    | (?:please\s+)?(?:subscribe|sign\s+up)\s+(?:to|for|now|today|here)\b[^.]*[.!]?
    | (?:follow|find|join|connect\s+with)\s+us(?:\s+(?:on|at)\b.*)?[.!:]?
    | get\s+(?:the\s+)?(?:latest|our)\s+(?:news|updates|newsletter)\b.*
    | (?:enter|your)\s+(?:your\s+)?e-?mail(?:\s+address)?.* | (?:join\s+our\s+)?newsletter
    | (?:was|did)\s+(?:this|you\s+find\s+this)\s+(?:article|page|post|information)?\s*helpful\??.*
    | rate\s+this\s+(?:article|post|page).* | thanks?\s+(?:you\s+)?for\s+(?:reading|sharing)[.!]*
    | .{{0,60}}all\s+rights\s+reserved.* | (?:copyright\s*)?[©].{{0,100}} | copyright\s+\d{{4}}.*
    | (?:photo|image|picture|video|illustration)s?(?:\s+(?:by|credit|courtesy|source|via|from)s?\b)
      \s*:?.{{0,100}}
    | (?:photo|image|featured\s+image|getty\s+images?|shutterstock|istock|unsplash|pexels)\b
      .{{0,30}}
    | (?:filed\s+under|categor(?:y|ies)|posted\s+in|sections?)\s*:?\s+[^.]{{0,120}}
    | (?:previous|next)\s+(?:post|article|story|page)s?\b.* | ←.* | .*→
    | (?:home|blog|news|health)\s*(?:»|›|>|/|\|)\s*.* | privacy\s+policy.*
    | terms\s+of\s+(?:use|service).*
    | (?:we\s+use|this\s+(?:web)?site\s+uses)\s+cookies.*
    | (?:accept|reject)(?:\s+all)?(?:\s+cookies)?
    | log\s*in(?:\s+to\s+comment)?.? | (?:load|show|view)\s+(?:more\s+)?comments?
    | your\s+e-?mail\s+address\s+will\s+not\s+be\s+published.*
    | (?:send|submit|reply|cancel\s+reply)
    )""",
    re.I | re.X,
)
_TAGS = re.compile(
    r"(?:tags?|tagged|keywords?|topics?)(?:\s+(?:with|as|in))?\s*:\s*(.{1,300})", re.I
)
_TEASER = re.compile(
    r"(?P<label>(?:check|read|see|watch)\s+(?:also|this(?:\s+also)?|next|more|related|now)|also\s+"
    r"(?:read|see|check|check\s+out)|related(?:\s+(?:articles?|posts?|stories|story|reading|topics?"
    r"|news|content|links?|pages?))?|you\s+(?:may|might|will|could)(?:\s+also)?\s+(?:like|enjoy|be"
    r"\s+interested\s+in|want\s+to\s+read)|recommended(?:\s+(?:for\s+you|reading|articles?|posts?))?"
    r"|more\s+(?:stories|articles|posts|to\s+(?:read|explore))|more\s+(?:from|like|on)\s+[^.:]{2,50}"
    r"|(?:don[’']t|do\s+not)\s+miss|trending(?:\s+now)?|up\s+next|must[- ]reads?|editors?[’']?s?\s+"
    r"picks?|popular(?:\s+(?:posts?|articles?|now))?|(?:latest|recent)\s+(?:posts?|articles?|news"
    r"|stories)|suggested(?:\s+(?:articles?|posts?|reading))?|most\s+(?:read|popular)|further\s+reading)"
    r"(?P<mark>\s*[:»›>|–—-]+\s*|\s*$)(?P<rest>.*)",
    re.I,
)
# Glued to the end of a paragraph the label is written like a title, or followed by a colon.
_GLUED = re.compile(
    r"(?<=[.!?”\"])\s+(?:(?:Check|Read|See) Also|Also Read|You May Also Like|You Might Also Like"
    r"|Related (?:Articles?|Posts?|Stories)|Read More|Read Next)(?::|\s)\s*(?P<rest>\S.{0,160})?$"
    r"|(?<=[.!?”\"])\s+(?:CHECK ALSO|READ ALSO|ALSO READ|RELATED|READ MORE)"
    r"(?::|\s)\s*(?:\S.{0,160})?$"
    r"|(?<=[.!?”\"])\s+(?i:check also|read also|also read|see also|related)\s*:\s*(?:\S.{0,160})?$"
)
_CUT_SHORT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|read\s+more|»|learn\s+more)\s*[\])»]*$", re.I
)
_END_OF_ARTICLE = re.compile(
    r"(?:about\s+the\s+authors?|(?:\d+\s+|post\s+a\s+|leave\s+a\s+)(?:comments?|reply)|comments?"
    r"|related\s+(?:articles?|posts?|stories|reading)|you\s+(?:may|might)\s+also\s+like"
    r"|share\s+this(?:\s+(?:article|post|story|page))?|more\s+(?:articles|stories|posts)|post\s+navigation"
    r"|(?:recent|latest|popular)\s+(?:posts?|articles?)|newsletter|subscribe)\s*:?",
    re.I,
)


def is_furniture(line: str) -> bool:
    """Whether the whole line belongs to the page and not to the article."""
    line = line.strip(" \t|·•*_-–—")
    if not line:
        return True
    if len(line) > 240:
        return False
    words = line.split()
    short = len(words) <= 14
    return bool(
        _WHOLE.fullmatch(line)
        or (short and (_BYLINE.fullmatch(line) or is_date_line(line)))
        or _is_buttons(words)
    )


def is_date_line(line: str) -> bool:
    """Whether the line is a date with nothing but labels, separators and perhaps a name."""
    if not (_DATE.search(line) or re.search(_AGO, line, re.I)):
        return False
    labelled = bool(re.match(r"\W*(?:" + _LABEL.pattern + ")", line, re.I))
    rest = re.sub(_AGO, " ", _DATE.sub(" ", line), flags=re.I)
    rest = re.sub(r"[^\w’'\s]|\d", " ", _LABEL.sub(" ", rest)).split()
    # What is left may be the author's or the section's name, never a sentence.
    named = all(word[0].isupper() for word in rest) and len(rest) <= 4
    return not rest or (named and (labelled or not line.rstrip().endswith((".", "!", "?"))))


def date_in(line: str) -> datetime | None:
    """The date that the line names, at midnight UTC, if it can be told without guessing."""
    found = _DATE.search(line)
    if not found:
        return None
    text = re.sub(
        r"(\d)(?:st|nd|rd|th)\b", r"\1", found.group().replace(",", " ").replace(".", " ")
    )
    words = [w for w in text.split() if not re.match(r"(?i)(?:mon|tue|wed|thu|fri|sat|sun)\w*$", w)]
    for length in (3, 1):
        for form in ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%Y/%m/%d"):
            try:
                return datetime.strptime(" ".join(words[:length]), form).replace(tzinfo=UTC)
            except ValueError:
                continue
    return None


def without_date(line: str) -> str:
    """The line without a date that stands before its first sentence."""
    found = _DATE_FIRST.match(line)
    return line[found.end() :] if found else line


def without_glued_teaser(line: str) -> str:
    """The line without a teaser stuck to its end."""
    found = _GLUED.search(line)
    if not found:
        return line
    rest = found.groupdict().get("rest") or ""
    # Real sentences after the label mean that the label was part of the text.
    if re.search(r"[.!?]\s+[A-Z]", rest):
        return line
    return line[: found.start()]


def tags_in(line: str) -> tuple[str, ...]:
    """The tags of a line such as “Tags: lupus, stem cells”; empty if it is no such line."""
    found = _TAGS.fullmatch(line.strip())
    if not found or found.group(1).rstrip().endswith("."):
        return ()
    tags = (tag.strip(" #") for tag in re.split(r"[,;|#]", found.group(1)))
    return tuple(tag for tag in tags if 0 < len(tag) <= 60)[:20]


def without_furniture(lines: Sequence, text: Callable[[object], str]) -> list:
    """The lines that are the article's own. `text` gives the words of one; blank ones stay.

    A teaser's label takes with it the titles, dates and cut-off excerpts that follow it.
    """
    out = []
    index = 0
    # Where a heading such as “Leave a reply” stands late, all that follows it is the page's.
    size = sum(len(text(line)) for line in lines)
    passed = 0
    while index < len(lines):
        line = text(lines[index]).strip()
        passed += len(line)
        late = passed > size * 0.6 and _END_OF_ARTICLE.fullmatch(line)
        if late and not _has_prose(text(entry) for entry in lines[index + 1 :]):
            break
        teaser = _teaser_kind(line)
        if teaser:
            index += 1
            if teaser == "label":
                index = _after_teaser(lines, index, text)
            continue
        index += 1
        if line and (is_furniture(line) or tags_in(line)):
            continue
        out.append(lines[index - 1])
    return out


def _teaser_kind(line: str) -> str:
    """ "label" if titles follow on other lines, "whole" if the line holds one, else ""."""
    found = _TEASER.fullmatch(line)
    if not found:
        return ""
    rest = found.group("rest").strip()
    if not rest:
        return "label"
    words = rest.split()
    dash_only = found.group("mark").strip(" ") in ("-", "–", "—")
    sentence = rest.endswith((".", "!")) and not _CUT_SHORT.search(rest)
    if len(words) > 24 or (sentence and (dash_only or len(words) > 14)):
        return ""
    return "whole"


def _after_teaser(lines: Sequence, index: int, text: Callable[[object], str]) -> int:
    """Where the article goes on after a teaser's label."""
    titles = 0
    for at in range(index, min(len(lines), index + 40)):
        line = text(lines[at]).strip()
        if not line or is_furniture(line) or _teaser_kind(line):
            continue
        if _CUT_SHORT.search(line) and len(line) < 400:
            continue
        following = next((t for e in lines[at + 1 :] if (t := text(e).strip())), "")
        # A line that goes on in lower case is a broken sentence, however short it is.
        broken = len(line) > 40 and following[:1].islower()
        if is_prose(line) or broken or line[:1].islower() or len(line.split()) > 18:
            return at
        # The last short line before prose may be the heading of that prose.
        if titles and is_prose(following):
            return at
        titles += 1
    return min(len(lines), index + 40)


def is_prose(line: str) -> bool:
    """Whether the line is running text: a sentence of some length with its end."""
    line = line.rstrip()
    return len(line.split()) >= 9 and line.endswith(
        (".", "!", ".”", '."', ".)", "…”", ":", ";", ",")
    )


def _has_prose(lines) -> bool:
    return sum(is_prose(line.strip()) and len(line) > 200 for line in lines) > 0


def _is_buttons(words: list[str]) -> bool:
    bare = [word.strip(".,:;|/·•()[]!").lower() for word in words]
    bare = [word for word in bare if word and not word.isdigit()]
    if not bare or len(bare) > 25 or not all(word in _WORDS_OF_BUTTONS for word in bare):
        return False
    return sum(word in _NETWORKS for word in bare) * 3 >= len(bare)
