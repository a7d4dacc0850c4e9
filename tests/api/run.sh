#!/bin/sh
# The API's word, by schemathesis: requests made from the OpenAPI document, sent as each role of the policy,
# on the demonstration. No answer may be a fault, or one that the document does not describe.
#
#   tests/api/run.sh [BINARY]     by default target/debug/regisseur, built with --all-features
#
# Optional, and no part of ./test: it takes Python 3, a network for its first run, and up to a quarter of an hour.
# Measured on 23 November 2026: 29 144 requests, fifteen roles, eight of which a busy machine cut short; no
# fault and no surprise.
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
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; rm -rf "$folder"' EXIT
"$binary" demo --prepare-only --data "$folder/data" > "$folder/out" 2>&1 || { cat "$folder/out"; exit 1; }

# The demonstration has tokens for some roles; every other one of the policy is given an account and a token.
# An unknown role has them all listed, so that a new one is tried without a word here.
roles=$("$binary" account add --data "$folder/none" --email x@x.example --name x --role x 2>&1 |
  sed -n 's/.*: //p' | tr -d ',')
test -n "$roles" || { echo "the roles are not listed"; exit 1; }
customer=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["customers"][0]["slug"])' "$folder/data/demo.json")
admin=$(python3 -c 'import json, sys; print(next(a["email"] for a in json.load(open(sys.argv[1]))["accounts"] if a["role"] == "provider_admin"))' "$folder/data/demo.json")
python3 -c '
import json, sys
for token in json.load(open(sys.argv[1]))["tokens"]:
    print(token["role"], token["token"])' "$folder/data/demo.json" > "$folder/tokens"
for role in $roles; do
  grep -q "^$role " "$folder/tokens" && continue
  add() { "$binary" account add --data "$folder/data" --email "$role@essai.example" --name "$role" --role "$role" --token --json "$@" 2> /dev/null; }
  made=$(add --totp) || made=$(add --customer "$customer") || { echo "no account for $role"; exit 1; }
  # A third party finds only the items that its role is about.
  case $role in third_party_*)
    "$binary" account grant --data "$folder/data" --customer "$customer" --by "$admin" --email "$role@essai.example" \
      --role "$role" --item srv-erp > /dev/null ;;
  esac
  echo "$role $(echo "$made" | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')" >> "$folder/tokens"
done

port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
"$binary" demo --data "$folder/data" --listen "127.0.0.1:$port" > "$folder/out" 2>&1 &
server=$!
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

failed=0
while read -r role token; do
  echo "$role"
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
