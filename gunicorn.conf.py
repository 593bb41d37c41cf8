"""How gunicorn serves the site: the same for make run, the browser tests and a real server."""

import gc
import os

wsgi_app = "autoimmune_site.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Threads: while one waits for the database or a slow reader, others answer from memory; and unlike
# sync workers they keep connections open between requests. docs/performance.md has figures.
threads = 4
worker_class = "gthread"
# Loaded once, before the workers: a wrong setting stops the start with its sentence.
preload_app = True
graceful_timeout = 10
# Seconds; longer than a proxy keeps a connection to us that it does not use (deploy/nginx). If we
# closed first, now and then it would send a request into a connection that is being closed.
keepalive = 75
# A control socket in the home folder would be shared by every copy of the site.
control_socket_disable = True
# Workers say that they are alive by touching a file; a memory file system never stalls them.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
loglevel = "warning"


def pre_fork(server, worker):
    """What was made before the first request stays; to look through all of it again for waste took
    a tenth of a second every few dozen pages, and unshared the memory of the processes."""
    gc.collect()
    gc.freeze()
