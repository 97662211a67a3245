#!/bin/bash
# A pgbouncer before a PostgreSQL of the tests:
#
#   test-pgbouncer.sh DIR SERVER_PORT session|transaction
#   test-pgbouncer.sh stop|start DIR                       for one that serves
#
# Serves from DIR on a free port of 127.0.0.1, which it prints when it answers, until standard input
# ends. pgbouncer refuses to run as root and is started as the user postgres then.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
program=/usr/sbin/pgbouncer

main() {
  local try
  dir=${1:?"usage: test-pgbouncer.sh DIR SERVER_PORT session|transaction"} server=$2 mode=$3
  [ -x $program ] || fail "pgbouncer is not installed; run scripts/install.sh"
  mkdir -p "$dir" && dir=$(cd "$dir" && pwd) || fail "cannot make the folder $dir"
  [ "$(id -u)" != 0 ] || chown postgres: "$dir" || exit
  trap '' INT TERM HUP
  for try in 1 2 3 4 5; do
    port=$(free_port)
    write_settings
    start_bouncer && break
    [ "$try" != 5 ] || fail "pgbouncer did not start: $(tail -n1 "$dir/log")"
  done
  setsid bash "$here/test-pgbouncer.sh" stop-at-eof "$dir" <&0 >/dev/null 2>&1 &
  say "$port"
  wait $!
}

write_settings() {
  printf '%s\n' "$port" >"$dir/port"
  cat >"$dir/pgbouncer.ini" <<END
[databases]
* = host=127.0.0.1 port=$server user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
pool_mode = $mode
default_pool_size = 50
END
}

start_bouncer() {
  local as_server=()
  [ "$(id -u)" != 0 ] || as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
  "${as_server[@]}" $program "$dir/pgbouncer.ini" </dev/null >>"$dir/log" 2>&1 &
  echo $! >"$dir/pid"
  wait_until 20 answered_or_died
  port_is_taken "$port" && pid_lives "$dir/pid"
}

answered_or_died() { port_is_taken "$port" || ! pid_lives "$dir/pid"; }
is_gone() { ! pid_lives "$dir/pid"; }

stop_bouncer() {
  kill -TERM "$(cat "$dir/pid")" # at once
  wait_until 20 is_gone || fail "pgbouncer did not stop; see $dir/log"
}

stop_at_eof() {
  cat >/dev/null
  ! pid_lives "$dir/pid" || stop_bouncer
  rm -rf "$dir"
}

case ${1:-} in
  start) dir=$2 port=$(cat "$2/port"); start_bouncer || fail "pgbouncer did not start again: $(tail -n1 "$dir/log")" ;;
  stop) dir=$2; stop_bouncer ;;
  stop-at-eof) dir=$2; stop_at_eof ;;
  *) main "$@" ;;
esac
