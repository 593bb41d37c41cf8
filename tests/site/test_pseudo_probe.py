from tests.pseudo_locale import content, pseudo_locale, untranslated
from tests.safety.addresses import routes, world


def test_probe(client, site, people):
    w = world(site)
    client.force_login(people.admin)
    out = []
    import json
    import pathlib

    known = content() | {"Autoimmune Evidence"}
    for e in json.loads(pathlib.Path("therapies/content/glossary.json").read_text()):
        known |= {v for v in (e.values() if isinstance(e, dict) else []) if isinstance(v, str)}
    for route in routes():
        try:
            addr = w.address(route)
        except Exception as e:
            print("SKIP", route, repr(e)[:80])
            continue
        with pseudo_locale():
            try:
                r = client.get(addr)
            except Exception as e:
                print("ERR", addr, repr(e)[:200])
                continue
        if r.status_code != 200 or "html" not in r.headers.get("content-type", ""):
            continue
        k = known | content() if False else known
        bad = untranslated(r.content.decode(), k)
        print("==", addr, len(bad))
        for b in bad:
            print("    ", b[:150])
