#!/bin/bash
# A PostgreSQL cluster for one run of the tests: test-postgres.sh DIR
#
# Makes it below DIR on a free port of 127.0.0.1, prints its URL when it answers, and takes it away
# again when standard input ends (also when this script was killed). Nothing survives, so nothing is
# synced to disk. PostgreSQL refuses to run as root and is started as the user postgres then.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

main() {
  local as_server=() try
  dir=${1:?"usage: test-postgres.sh DIR"}
  programs=$(newest_postgres) || fail "no PostgreSQL 15 or newer is installed; run scripts/install.sh"
  mkdir -p "$dir" && dir=$(cd "$dir" && pwd) || fail "cannot make the folder $dir"
  if [ "$(id -u)" = 0 ]; then
    as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
    chown postgres: "$dir" && reachable_by postgres "$dir" ||
      fail "the user postgres cannot reach $dir; use a folder that everybody may pass through"
  fi
  trap '' INT TERM HUP
  cd "$dir" || exit
  "${as_server[@]}" "$programs/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$dir/initdb.log" 2>&1 || fail "initdb failed: $(tail -n1 "$dir/initdb.log")"
  for try in 1 2 3 4 5; do
    port=$(free_port)
    start_server && break
    [ "$try" != 5 ] || fail "PostgreSQL did not start: $(tail -n1 "$dir/server.log")"
  done
  say "postgres://postgres@127.0.0.1:$port/postgres"
  wait "$watcher"
}

start_server() {
  "${as_server[@]}" "$programs/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB \
    </dev/null >"$dir/server.log" 2>&1 &
  echo $! >"$dir/server.pid"
  setsid bash "$here/test-postgres.sh" stop-at-eof "$dir" <&0 >/dev/null 2>&1 &
  watcher=$!
  wait_until 30 answered_or_died
  answers && pid_lives "$dir/server.pid" && return
  kill "$watcher"
  return 1
}

answers() { "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"; }
answered_or_died() { answers || ! pid_lives "$dir/server.pid"; }

stop_at_eof() {
  cat >/dev/null
  kill -QUIT "$(cat "$1/server.pid")" # the immediate shutdown
  wait_until 10 server_is_gone "$1"
  rm -rf "$1"
}
server_is_gone() { ! pid_lives "$1/server.pid"; }

if [ "${1:-}" = stop-at-eof ]; then stop_at_eof "$2"; else main "$@"; fi
