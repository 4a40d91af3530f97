#!/bin/sh
# Keys by the REST API, and the same by etcd's gateway, which wants keys and values in base64: keys.sh [http://HOST:PORT]
set -eu
member=${1:-http://localhost:2379}
curl() { command curl -fsS "$@"; }

curl -X PUT -H 'If-None-Match: *' -d hello "$member/api/v1/keys/greeting" >/dev/null
echo "value: $(curl -H 'Accept: text/plain' "$member/api/v1/keys/greeting")"

# Only if nobody wrote it meanwhile
tag=$(curl -o /dev/null -D - "$member/api/v1/keys/greeting" | sed -n 's/^etag: //Ip' | tr -d '\r')
curl -X PUT -H "If-Match: $tag" -d goodbye "$member/api/v1/keys/greeting" >/dev/null
second=$(command curl -s -o /dev/null -w '%{http_code}' -X PUT -H "If-Match: $tag" -d late "$member/api/v1/keys/greeting")
echo "late write: $second"

key=$(printf greeting | base64)
value=$(curl -d "{\"key\":\"$key\"}" "$member/v3/kv/range" | sed 's/.*"value":"\([^"]*\)".*/\1/')
echo "gateway: $(printf %s "$value" | base64 -d)"
curl -X DELETE "$member/api/v1/keys/greeting" >/dev/null
