"""Regular English inflection, so that a cue file names each verb and noun once."""

_IRREGULAR = {
    "be": ("is", "was", "being", "been"),
    "become": ("becomes", "became", "becoming", "become"),
    "bring": ("brings", "brought", "bringing", "brought"),
    "cut": ("cuts", "cut", "cutting", "cut"),
    "do": ("does", "did", "doing", "done"),
    "drive": ("drives", "drove", "driving", "driven"),
    "fight": ("fights", "fought", "fighting", "fought"),
    "find": ("finds", "found", "finding", "found"),
    "get": ("gets", "got", "getting", "got"),
    "give": ("gives", "gave", "giving", "given"),
    "grow": ("grows", "grew", "growing", "grown"),
    "have": ("has", "had", "having", "had"),
    "hold": ("holds", "held", "holding", "held"),
    "keep": ("keeps", "kept", "keeping", "kept"),
    "lead": ("leads", "led", "leading", "led"),
    "lose": ("loses", "lost", "losing", "lost"),
    "make": ("makes", "made", "making", "made"),
    "overcome": ("overcomes", "overcame", "overcoming", "overcome"),
    "put": ("puts", "put", "putting", "put"),
    "rebuild": ("rebuilds", "rebuilt", "rebuilding", "rebuilt"),
    "regrow": ("regrows", "regrew", "regrowing", "regrown"),
    "reset": ("resets", "reset", "resetting", "reset"),
    "say": ("says", "said", "saying", "said"),
    "see": ("sees", "saw", "seeing", "seen"),
    "shape": ("shapes", "shaped", "shaping", "shaped"),
    "show": ("shows", "showed", "showing", "shown"),
    "shrink": ("shrinks", "shrank", "shrinking", "shrunk"),
    "think": ("thinks", "thought", "thinking", "thought"),
    "undergo": ("undergoes", "underwent", "undergoing", "undergone"),
    "win": ("wins", "won", "winning", "won"),
    "write": ("writes", "wrote", "writing", "written"),
}
_DOUBLED = frozenset("stop drop plan trim slim".split())
_VOWELS = "aeiou"
FORMS = ("base", "s", "past", "ing")


def verb_forms(phrase: str) -> list[tuple[str, str]]:
    """(written form, name of the form) of a verb phrase, whose first word is the verb.

    A past participle that differs from the past tense counts as "past" too.
    """
    verb, _, rest = phrase.partition(" ")
    rest = f" {rest}" if rest else ""
    s, past, ing, done = _IRREGULAR.get(verb) or _regular(verb)
    forms = [(verb, "base"), (s, "s"), (past, "past"), (ing, "ing")]
    if done != past:
        forms.append((done, "past"))
    return [(f"{word}{rest}", form) for word, form in forms]


def noun_forms(phrase: str) -> list[str]:
    """A noun phrase and its plural."""
    if phrase.endswith(("s", "x", "ch", "sh")):
        return [phrase, f"{phrase}es"]
    if phrase[-1:] == "y" and phrase[-2:-1] not in _VOWELS:
        return [phrase, f"{phrase[:-1]}ies"]
    return [phrase, f"{phrase}s"]


def _regular(verb: str) -> tuple[str, str, str, str]:
    if verb.endswith("e"):
        return f"{verb}s", f"{verb}d", f"{verb[:-1]}ing", f"{verb}d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing", f"{verb[:-1]}ied"
    if verb in _DOUBLED:
        return f"{verb}s", f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing", f"{verb}{verb[-1]}ed"
    s = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh")) else f"{verb}s"
    return s, f"{verb}ed", f"{verb}ing", f"{verb}ed"
