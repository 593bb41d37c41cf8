from collections import defaultdict
from django.db import connection, transaction
from django.test import Client
from tests.safety.addresses import *
from tests.site.conftest import site
from tests import factories
BODY=dict(title="Forged",slug="forged",summary="Forged.",body="<p>Forged.</p>",reason="Forged.",text="Forged.",note="Forged.",name="Forged",query="q=1",username="forged",email="f@example.org",role_list="administrator",is_active="on",password1="long enough 12",password2="long enough 12",outcome="not_a_claim",act="decide",approvals_needed="1",review_days="100",key="forged",authors="F",journal="F",year="2020",url="https://example.org/forged",design="RCT",confidence="high",weeks="3",kind="article",page="1",for_whom="F",days="3",q="rest",tab="abc",doi="",leaning="on")
def test_gen(site):
    w = world(site)
    cast = factories.people()
    who = dict(A=cast.author,E=cast.editor,R=cast.reviewer,M=cast.moderator,X=cast.admin,o=cast.outsider)
    clients={}
    for k,u in who.items():
        clients[k]=Client(raise_request_exception=False); clients[k].force_login(u)
    clients['n']=Client(raise_request_exception=False)
    rows={}
    with open('/tmp/sweep.txt','w') as out:
      for r in routes():
        if 'logout' in r: continue
        if PAGES.match(r) and not r.startswith('admin/articles'): continue
        a=w.address(r); res=[];posts=[]
        for k,c in clients.items():
            sid = transaction.savepoint()
            x=c.get(a)
            loc=x.headers.get('Location','')
            res.append(f"{k}{x.status_code}{'L' if 'login' in loc else ''}")
            wrote=set()
            def spy(execute, sql, params, many, context):
                v=sql.split()
                if v[0] in('INSERT','UPDATE','DELETE'):
                    t=next(z for z in v if '"' in z).split('"')[1]
                    if t!='django_session': wrote.add(t)
                return execute(sql,params,many,context)
            with connection.execute_wrapper(spy):
                y=c.post(a,BODY)
            posts.append(f"{k}{y.status_code}{'!' if wrote else ''}{','.join(sorted(wrote)) if wrote and k in 'on' else ''}")
            transaction.savepoint_rollback(sid)
            if 'password' in r:
                if k!='n': c.force_login(who[k])
        print(r, ' '.join(res), '| POST', ' '.join(posts), file=out, flush=True)
