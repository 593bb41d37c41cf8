"""Readers' pages kept as finished bytes, and never shown once they are stale.

`marks.py` writes down what became stale, in the transaction that changed it. `watch.py` lets each
process see new marks before it answers from memory. `store.py` holds the pages, bounded in bytes.
`application.py` stands in front of Django and answers from the store. `negotiate.py` reads the
request headers that choose between copies. docs/decisions/0021 says why it is built so.
"""
