"""What readers are shown by a site with a real streaming replica; run by test_replica.py.

One process plays the site. The replica is held back, killed and started again; then the primary
goes. Prints the name of each part that went as it should.
"""

import os
import signal
import sys
import threading

from tests.replication import Replica, frozen, kill, wait_until
from tests.servers import Postgres

SETTINGS = "tests.settings"


def main() -> None:
    primary = Postgres()
    replica = None
    try:
        name = primary.create()
        replica = Replica(primary)
        patience = "?connect_timeout=2"  # what libpq knows as its shortest
        os.environ["TEST_DATABASE_URL"] = primary.url(name) + patience
        os.environ["REPLICA_DATABASE_URL"] = replica.url(name) + patience
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        import django

        django.setup()
        from django.conf import settings

        settings.DEBUG = False  # as pytest-django has it
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        Scenario(primary, replica).run()
    finally:
        if replica and replica.process.poll() is None:
            replica.kill()
        primary.stop()


class Scenario:
    """The parts, in order; each leaves the site as it found it."""

    def __init__(self, primary, replica):
        from autoimmune_site.wsgi import application
        from tests import factories

        self.primary, self.replica = primary, replica
        self.site = application.site  # the page cache; the replica stands behind it
        self.machinery = self.site.django.replica
        self.machinery._now = lambda: self.clock
        self.clock = 0.0
        self.people = factories.people()
        self.page = factories.published_page(title="Rest and lupus", slug="rest")
        self.reads: list[str] = []
        self._count_reads()
        replica.catch_up()

    def run(self) -> None:
        for part in (
            self.readers_read_the_replica_and_staff_the_primary,
            self.a_replica_that_has_not_replayed_a_withdrawal_is_not_read,
            self.what_was_kept_from_the_replica_goes_when_it_becomes_stale,
            self.a_lagging_replica_is_left_out_and_comes_back,
            self.a_request_that_writes_reads_the_primary_from_then_on,
            self.a_dead_replica_is_not_noticed_by_readers,
            self.a_replica_that_hangs_is_left_out,
            self.a_primary_that_hangs_keeps_no_reader_waiting,
            self.a_primary_that_was_started_again_is_asked_at_once,
            self.without_the_primary_readers_still_read,
        ):
            self.reads.clear()
            self.clock += 100
            part()
            print(part.__name__.replace("_", " "), flush=True)

    # What the parts use

    def _count_reads(self) -> None:
        """Note which database each query of Django's views goes to."""
        from django.db.backends.signals import connection_created

        def watch(connection, **kwargs):
            alias = connection.alias

            def note(execute, sql, params, many, context):
                if "stalemark" not in sql.lower():
                    self.reads.append(alias)
                return execute(sql, params, many, context)

            connection.execute_wrappers.append(note)

        connection_created.connect(watch, weak=False)
        from django.db import connections

        connections.close_all()

    def ask(self, path: str, **headers):
        from tests.site.wsgi_client import ask

        self.site.watch._asked = float("-inf")  # as if the lease had run out
        return ask(self.site, path, **headers)

    def forget(self) -> None:
        """Let the page cache hold nothing."""
        self.site.store.clear()

    def withdraw_and_publish(self):
        """Withdraw a page; answers what publishes it again."""
        from editorial import actions
        from tests import factories

        actions.withdraw(self.page, by=self.people.editor, reason="It was wrong.")

        def publish():
            revision = factories.draft(page=self.page, title="Rest and lupus", slug="rest")
            actions.submit(revision, by=self.people.author)
            actions.publish(
                actions.approve(revision, by=self.people.reviewer), by=self.people.editor
            )

        return publish

    # The parts

    def readers_read_the_replica_and_staff_the_primary(self):
        assert self.ask("/articles/rest/").status == 200
        assert set(self.reads) == {"replica"}, self.reads
        for path in ("/", "/articles/", "/search/?q=rest", "/evidence/", "/api/v1/search?q=rest"):
            self.reads.clear()
            assert self.ask(path).status == 200
            assert set(self.reads) == {"replica"}, (path, self.reads)
        self.reads.clear()
        assert self.ask("/articles/rest/", Cookie="sessionid=abc").status == 200
        assert set(self.reads) == {"default"}, self.reads
        self.reads.clear()
        assert self.ask("/admin/").status == 302
        assert "replica" not in self.reads

    def a_replica_that_has_not_replayed_a_withdrawal_is_not_read(self):
        assert self.ask("/articles/rest/").status == 200
        self.replica.hold_back()
        publish = self.withdraw_and_publish()
        self.reads.clear()
        assert self.ask("/articles/rest/").status == 410
        assert b"Rest and lupus" not in self.ask("/articles/").body
        assert b"Rest and lupus" not in self.ask("/search/?q=lupus").body
        assert "replica" not in self.reads
        self.forget()
        assert self.ask("/articles/rest/").status == 410
        self.replica.go_on()
        self.replica.catch_up()
        self.forget()
        self.reads.clear()
        self.clock += 10
        assert self.ask("/articles/rest/").status == 410
        assert set(self.reads) == {"replica"}, self.reads
        publish()
        assert self.ask("/articles/rest/").status == 200

    def what_was_kept_from_the_replica_goes_when_it_becomes_stale(self):
        self.replica.catch_up()
        self.forget()
        assert self.ask("/articles/rest/").status == 200
        entry = next(iter(self.site.store.entries.values()))
        assert entry.number == self.site.watch.number > 0
        publish = self.withdraw_and_publish()
        assert self.ask("/articles/rest/").status == 410
        publish()
        self.replica.catch_up()

    def a_lagging_replica_is_left_out_and_comes_back(self):
        from editorial import audit

        self.replica.hold_back()
        audit.record_alone("test.nothing", by=None)  # nothing that readers see
        wait_until(self._lags, "the replica lags")
        assert self.machinery.newest_mark() is None
        self.forget()
        self.reads.clear()
        assert self.ask("/articles/rest/").status == 200
        assert "replica" not in self.reads
        self.replica.go_on()
        self.replica.catch_up()
        self.clock += 10
        self.forget()
        self.reads.clear()
        assert self.ask("/articles/rest/").status == 200
        assert set(self.reads) == {"replica"}

    def _lags(self) -> bool:
        self.clock += 10
        self.machinery.newest_mark()
        return (self.machinery.lag or 0) > 1

    def a_request_that_writes_reads_the_primary_from_then_on(self):
        from autoimmune_site.models import StaleMark
        from autoimmune_site.replica import Router, _reading

        with _reading():
            assert Router().db_for_read(StaleMark) == "replica"
            assert Router().db_for_write(StaleMark) == "default"
            assert Router().db_for_read(StaleMark) == "default"
        assert Router().db_for_read(StaleMark) == "default"

    def a_dead_replica_is_not_noticed_by_readers(self):
        self.forget()
        assert self.ask("/articles/rest/").status == 200
        self.replica.kill()
        self.forget()
        assert self.ask("/articles/rest/").status == 200
        assert self.ask("/search/?q=rest").status == 200
        self.replica.start()
        self.replica.catch_up()
        self.clock += 10
        self.forget()
        self.reads.clear()
        assert self.ask("/articles/rest/").status == 200
        assert set(self.reads) == {"replica"}

    def a_replica_that_hangs_is_left_out(self):
        assert self.ask("/articles/rest/").status == 200
        with frozen(self.replica.process):
            for path in ("/articles/rest/", "/search/?q=rest", "/therapies/"):
                self.forget()
                self.reads.clear()
                assert self.ask(path).status == 200
                assert "default" in self.reads, self.reads
            assert self.machinery.lag is None
        self.clock += 10
        wait_until(lambda: self.machinery.newest_mark() is not None, "the replica answers again")

    def a_primary_that_hangs_keeps_no_reader_waiting(self):
        self.replica.catch_up()
        kept = self.ask("/articles/rest/")
        with frozen(self.primary.process):
            assert self.ask("/articles/rest/") == kept  # from memory
            assert self.ask("/therapies/").status == 200  # from the replica
            staff = self.ask("/admin/", Cookie="sessionid=abcdefghijklmnop")
            assert staff.status == 503 and staff.headers["content-security-policy"]
        assert self.site.watch.catch_up()
        assert self.ask("/admin/", Cookie="sessionid=abcdefghijklmnop").status == 302

    def a_primary_that_was_started_again_is_asked_at_once(self):
        self.replica.catch_up()
        assert self.ask("/articles/rest/").status == 200
        kill(self.primary.process)
        self.primary.start_again()
        publishing = []
        thread = threading.Thread(target=lambda: publishing.append(self.withdraw_and_publish()))
        thread.start()
        thread.join(60)
        assert self.ask("/articles/rest/").status == 410  # this thread's connection was cut
        publishing[0]()
        self.replica.catch_up()

    def without_the_primary_readers_still_read(self):
        kept = self.ask("/articles/rest/")
        assert kept.status == 200
        kill(self.primary.process)
        assert self.ask("/articles/rest/") == kept  # from memory
        assert self.ask("/therapies/").status == 200  # from the replica
        assert self.ask("/search/?q=rest").status == 200
        staff = self.ask("/admin/", Cookie="sessionid=abcdefghijklmnop")
        assert staff.status == 503, staff
        assert b"does not answer" in staff.body and staff.headers["retry-after"]
        assert staff.headers["cache-control"] == "no-store"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
