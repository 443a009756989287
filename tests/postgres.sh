#!/bin/sh
# PostgreSQL for the tests: clusters in temporary folders, on a unix socket only, gone when the tests are.
#   tests/postgres.sh with COMMAND...      runs a command with HELI_TEST_POSTGRES_URL set to a cluster of its own (what `make test` does)
#   tests/postgres.sh serve [on|off]       makes a cluster with fsync on or off, prints its folder, removes it when standard input ends
#   tests/postgres.sh start|crash FOLDER   starts it again; stops it at once, as a crash would
# As root it runs the server as user postgres, which it must not run as root. HELI_POSTGRES_BIN names the folder of initdb where it isn't found.
set -eu

bin=${HELI_POSTGRES_BIN:-}
if [ -z "$bin" ]; then
  initdb=$(command -v initdb || ls -1 /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
  [ -z "$initdb" ] || bin=$(dirname "$initdb")
fi
[ -x "$bin/initdb" ] || { echo "PostgreSQL's initdb was not found (Debian: apt-get install postgresql)" >&2; exit 77; }

server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start() {
  server "$bin/pg_ctl" -D "$1/data" -w -s -l "$1/log" -o "-k $1 -c listen_addresses= -c fsync=$(cat "$1/fsync")" start >&2 ||
    { cat "$1/log" >&2; exit 1; }
}

make() {
  folder=$(mktemp -d "${TMPDIR:-/tmp}/heli-postgres-XXXXXX")
  echo "$1" >"$folder/fsync"
  [ "$(id -u)" != 0 ] || chown -R postgres "$folder"
  trap 'remove' EXIT
  trap 'exit 130' INT TERM HUP
  for locale in C.UTF-8 C; do
    ! server "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=$locale --no-sync >/dev/null 2>"$folder/initdb" || break
  done
  echo "max_connections = 300
shared_buffers = 64MB
full_page_writes = $1
max_wal_size = 512MB
deadlock_timeout = 200ms" | server tee -a "$folder/data/postgresql.conf" >/dev/null
  start "$folder"
}

remove() {
  server "$bin/pg_ctl" -D "$folder/data" -s -m immediate stop >&2 || true
  rm -rf "$folder"
}

case ${1:-} in
with)
  shift
  make off
  HELI_TEST_POSTGRES_URL="postgres:///postgres?host=$folder&user=postgres" "$@"
  ;;
serve)
  make "${2:-off}"
  echo "$folder"
  cat >/dev/null
  ;;
start) start "$2" ;;
crash) server "$bin/pg_ctl" -D "$2/data" -s -m immediate stop >&2 ;;
*)
  sed -n '2,6s/^# *//p' "$0"
  exit 2
  ;;
esac
