#!/usr/bin/env python3
"""Reads settings, follows one change of them, and writes only if nobody else did. The standard library is enough.

    settings.py [http://HOST:PORT]
"""

import json
import sys
import threading
import urllib.error
import urllib.request

MEMBER = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:2379"


def call(method, path, body=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(MEMBER + "/api/v1/" + path, body, fields, method=method)
    return urllib.request.urlopen(request, timeout=60)


def events(path):
    """Yields the changes of a watch, one for each event of the stream."""
    kind = None
    for line in call("GET", path):
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            kind = value
        elif field == "data":
            yield kind, json.loads(value)


call("PUT", "keys/settings/colour", b"green").read()
with call("GET", "keys/settings/colour", Accept="text/plain") as answer:
    tag = answer.headers["ETag"]
    print("read", answer.read().decode())

changes = events("watch/settings/?prefix")
next(changes)  # "ready": from now on nothing is missed
threading.Thread(target=lambda: call("PUT", "keys/settings/colour", b"blue", If_Match=tag).read()).start()
print("changed", next(changes)[0])

try:
    call("PUT", "keys/settings/colour", b"red", If_Match=tag)
except urllib.error.HTTPError as refused:
    print("late write", refused.code)
