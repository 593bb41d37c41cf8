import psycopg
import redis


def test_postgres_answers_and_searches_text(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT to_tsvector('english', 'stem cells')").fetchone()
    assert row == ("'cell':2 'stem':1",)


def test_each_test_gets_an_empty_postgres_database(postgres_server, postgres_url):
    other = postgres_server.create()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE visited ()")
    with psycopg.connect(postgres_server.url(other)) as connection:
        found = connection.execute("SELECT to_regclass('visited')").fetchone()
    postgres_server.drop(other)
    assert found == (None,)


def test_valkey_keeps_what_it_is_given(valkey_url):
    with redis.from_url(valkey_url) as client:
        client.set("page", "kept")
        assert client.get("page") == b"kept"
