"""Regular English inflection, so that a cue file names each verb and noun once."""

_IRREGULAR = {
    "be": ("is", "was", "being", "been"),
    "beat": ("beats", "beat", "beating", "beaten"),
    "become": ("becomes", "became", "becoming", "become"),
    "break": ("breaks", "broke", "breaking", "broken"),
    "bring": ("brings", "brought", "bringing", "brought"),
    "build": ("builds", "built", "building", "built"),
    "buy": ("buys", "bought", "buying", "bought"),
    "cut": ("cuts", "cut", "cutting", "cut"),
    "do": ("does", "did", "doing", "done"),
    "drive": ("drives", "drove", "driving", "driven"),
    "feed": ("feeds", "fed", "feeding", "fed"),
    "fight": ("fights", "fought", "fighting", "fought"),
    "find": ("finds", "found", "finding", "found"),
    "free": ("frees", "freed", "freeing", "freed"),
    "get": ("gets", "got", "getting", "got"),
    "give": ("gives", "gave", "giving", "given"),
    "go": ("goes", "went", "going", "gone"),
    "grow": ("grows", "grew", "growing", "grown"),
    "have": ("has", "had", "having", "had"),
    "hold": ("holds", "held", "holding", "held"),
    "keep": ("keeps", "kept", "keeping", "kept"),
    "lead": ("leads", "led", "leading", "led"),
    "lay": ("lays", "laid", "laying", "laid"),
    "let": ("lets", "let", "letting", "let"),
    "lose": ("loses", "lost", "losing", "lost"),
    "make": ("makes", "made", "making", "made"),
    "overcome": ("overcomes", "overcame", "overcoming", "overcome"),
    "put": ("puts", "put", "putting", "put"),
    "rebuild": ("rebuilds", "rebuilt", "rebuilding", "rebuilt"),
    "regrow": ("regrows", "regrew", "regrowing", "regrown"),
    "reset": ("resets", "reset", "resetting", "reset"),
    "say": ("says", "said", "saying", "said"),
    "rid": ("rids", "rid", "ridding", "rid"),
    "see": ("sees", "saw", "seeing", "seen"),
    "seek": ("seeks", "sought", "seeking", "sought"),
    "send": ("sends", "sent", "sending", "sent"),
    "set": ("sets", "set", "setting", "set"),
    "shape": ("shapes", "shaped", "shaping", "shaped"),
    "show": ("shows", "showed", "showing", "shown"),
    "shut": ("shuts", "shut", "shutting", "shut"),
    "shrink": ("shrinks", "shrank", "shrinking", "shrunk"),
    "strike": ("strikes", "struck", "striking", "struck"),
    "sweep": ("sweeps", "swept", "sweeping", "swept"),
    "take": ("takes", "took", "taking", "taken"),
    "teach": ("teaches", "taught", "teaching", "taught"),
    "think": ("thinks", "thought", "thinking", "thought"),
    "undo": ("undoes", "undid", "undoing", "undone"),
    "undergo": ("undergoes", "underwent", "undergoing", "undergone"),
    "wake": ("wakes", "woke", "waking", "woken"),
    "win": ("wins", "won", "winning", "won"),
    "write": ("writes", "wrote", "writing", "written"),
}
_DOUBLED = frozenset("stop drop plan trim slim control nip rid fit".split())
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
