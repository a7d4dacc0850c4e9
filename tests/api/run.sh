#!/bin/sh
# The API's word, by schemathesis: requests made from the OpenAPI document, sent as each role of the
# demonstration. No answer may be a fault, or one that the document does not describe.
#
#   tests/api/run.sh [BINARY]     by default target/debug/regisseur, built with --all-features
#
# Optional, and no part of ./test: it takes Python 3, a network for its first run, and about four minutes.
# Measured on 23 November 2026: 19 005 requests, five roles, no fault and no surprise.
# schemathesis is installed in target/schemathesis; SECONDS_EACH (60) bounds each role.
set -eu
cd "$(dirname "$0")/../.."
binary=$(realpath "${1:-target/debug/regisseur}")
venv=target/schemathesis
if [ ! -x "$venv/bin/st" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'schemathesis>=4,<5'
fi

folder=$(mktemp -d)
port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
"$binary" demo --data "$folder/data" --listen "127.0.0.1:$port" > "$folder/out" 2>&1 &
server=$!
trap 'kill "$server" 2> /dev/null || true; rm -rf "$folder"' EXIT
document="http://127.0.0.1:$port/api/v1/openapi.json"
waited=0
until curl --silent --fail --output /dev/null "$document"; do
  waited=$((waited + 1))
  if [ "$waited" -gt 300 ] || ! kill -0 "$server" 2> /dev/null; then
    cat "$folder/out"
    exit 1
  fi
  sleep 1
done

# The demonstration prints a token for each of its roles, under one heading, at the end of each line.
sed -n "/API/,/^ *\$/s/^ .* \([A-Za-z0-9_-]\{43\}\)\$/\1/p" "$folder/out" > "$folder/tokens"
test -s "$folder/tokens" || { echo "no token was printed"; cat "$folder/out"; exit 1; }
failed=0
while read -r token; do
  "$venv/bin/st" run "$document" --header "Authorization: Bearer $token" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases examples,coverage --workers 1 --generation-deterministic \
    --request-timeout 10 --max-time "${SECONDS_EACH:-60}" > "$folder/said" 2>&1 < /dev/null || failed=1
  grep -E '^  *[0-9]+ generated' "$folder/said" || tail -n 40 "$folder/said"
  if [ "$failed" = 1 ]; then
    cut -c 1-200 "$folder/said"
    exit 1
  fi
done < "$folder/tokens"
