#!/bin/bash
# A PostgreSQL cluster for one run of the tests:
#
#   test-postgres.sh DIR [--disk SIZE] [-c SETTING]...       a new cluster, on a disk of that size where one may be mounted
#   test-postgres.sh DIR --standby-of PORT [-c SETTING]...   a copy of a running one that follows it
#   test-postgres.sh start|stop|kill DIR                     for one that serves: again on its port; in good order; kill -9
#
# Makes it below DIR on a free port of 127.0.0.1, prints its URL when it answers, and takes it away
# again when standard input ends (also when this script was killed). Nothing survives, so nothing is
# synced to disk. PostgreSQL refuses to run as root and is started as the user postgres then.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

main() {
  local try
  dir=${1:?"usage: test-postgres.sh DIR [--standby-of PORT] [-c SETTING]..."}; shift
  primary=
  if [ "${1:-}" = --standby-of ]; then primary=$2; shift 2; fi
  disk=
  if [ "${1:-}" = --disk ]; then disk=$2; shift 2; fi
  settings=("$@")
  mkdir -p "$dir" && dir=$(cd "$dir" && pwd) || fail "cannot make the folder $dir"
  find_programs
  trap '' INT TERM HUP # from here on there is something to take away
  [ -z "$disk" ] || mount_disk
  if [ "$(id -u)" = 0 ]; then
    chown postgres: "$dir" && reachable_by postgres "$dir" ||
      fail "the user postgres cannot reach $dir; use a folder that everybody may pass through"
  fi
  cd "$dir" || exit
  if [ -n "$primary" ]; then copy_primary; else init_cluster; fi
  for try in 1 2 3 4 5; do
    port=$(free_port)
    start_server && break
    [ "$try" != 5 ] || fail "PostgreSQL did not start: $(tail -n1 "$dir/server.log")"
  done
  setsid bash "$here/test-postgres.sh" stop-at-eof "$dir" <&0 >/dev/null 2>&1 &
  say "postgres://postgres@127.0.0.1:$port/postgres"
  wait $!
}

# The disk goes with standard input too.
mount_disk() {
  as_root mount -t tmpfs -o "size=$disk,mode=755" deskgate-tests "$dir" 2>/dev/null || return
  [ "$(id -u)" = 0 ] || as_root chown "$(id -u)" "$dir"
  as_root setsid bash "$here/test-postgres.sh" unmount-at-eof "$dir" <&0 >/dev/null 2>&1 &
}

unmount_at_eof() {
  trap '' INT TERM HUP
  cat >/dev/null
  wait_until 20 server_is_gone
  umount "$dir" || umount -l "$dir"
  rmdir "$dir"
}

find_programs() {
  programs=$(newest_postgres) || fail "no PostgreSQL 15 or newer is installed; run scripts/install.sh"
  as_server=()
  [ "$(id -u)" != 0 ] || as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
}

init_cluster() {
  "${as_server[@]}" "$programs/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$dir/initdb.log" 2>&1 || fail "initdb failed: $(tail -n1 "$dir/initdb.log")"
}

copy_primary() {
  "${as_server[@]}" "$programs/pg_basebackup" -D "$dir/data" -R -c fast --no-sync \
    -d "host=127.0.0.1 port=$primary user=postgres application_name=standby" \
    >"$dir/basebackup.log" 2>&1 || fail "pg_basebackup failed: $(tail -n1 "$dir/basebackup.log")"
}

# A session of its own: so it can be killed with all its children.
start_server() {
  printf '%s\n' "$port" >"$dir/port"
  [ ${#settings[@]} = 0 ] || printf '%s\n' "${settings[@]}" >"$dir/settings"
  setsid "${as_server[@]}" "$programs/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB \
    "${settings[@]}" </dev/null >>"$dir/server.log" 2>&1 &
  echo $! >"$dir/server.pid"
  disown # its death is no news to tell
  wait_until 30 answered_or_died
  answers && pid_lives "$dir/server.pid"
}

answers() { "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"; }
answered_or_died() { answers || ! pid_lives "$dir/server.pid"; }
server_is_gone() { ! pid_lives "$dir/server.pid"; }

start_again() {
  find_programs
  cd "$dir" || exit
  port=$(cat port) settings=()
  [ ! -e settings ] || mapfile -t settings <settings
  start_server || fail "PostgreSQL did not start again: $(tail -n1 "$dir/server.log")"
}

stop_server() {
  kill -"$1" -- "$2$(cat "$dir/server.pid")"
  wait_until 20 server_is_gone || fail "PostgreSQL did not stop; see $dir/server.log"
}

stop_at_eof() {
  cat >/dev/null
  ! pid_lives "$dir/server.pid" || stop_server QUIT "" # the immediate shutdown
  rm -rf "$dir"
}

case ${1:-} in
  start | stop | kill | *-at-eof) command=$1; dir=${2:?"which folder?"} ;;
  *) command=main ;;
esac
case $command in
  main) main "$@" ;;
  start) start_again ;;
  stop) stop_server INT "" ;; # the fast shutdown
  kill) stop_server KILL - ;;
  stop-at-eof) stop_at_eof ;;
  unmount-at-eof) unmount_at_eof ;;
esac
