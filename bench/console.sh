#!/bin/bash
# How long the pages of the console take with 200,000 tickets and a million messages, beside another desk.
#
#   bench/console.sh fill|measure|peer|all|stop
#
# As root, on Debian. A private PostgreSQL without a port is filled once, in SQL (console/fill.sql), below
# /var/tmp/deskgate-console (CONSOLE); TICKETS and MESSAGES say how much. DESKGATE_BINARY names a release build that is
# there already. `peer` needs the other desk of ../shared/bench, with PEERS as in bench/run.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/scripts/lib.sh"
home=${CONSOLE:-/var/tmp/deskgate-console}
shared=$(realpath "${DESKGATE_BENCH:-$root/../shared/bench}")
export PEERS=${PEERS:-/var/tmp/deskgate-bench}
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
port=55777

main() {
  case "${1:-}" in
  fill) start; build; fill ;;
  measure) start; build; measure ;;
  peer) peer ;;
  all) start; build; is_filled || fill; measure; peer ;;
  stop) as_server "$programs/pg_ctl" -D "$home/data" -m fast -w stop ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
}

as_server() { (cd "$home" && setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"); }
query() { "$programs/psql" -h "$home" -p "$port" -U postgres "$@"; }
is_filled() { query -d console -Atqc "select 1 from tickets limit 1" 2>/dev/null | grep -q 1; }

# Durability as it comes; memory as on a machine that is there for it.
start() {
  mkdir -p "$home" && chown postgres "$home"
  [ -d "$home/data" ] || as_server "$programs/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  as_server "$programs/pg_ctl" -D data status >/dev/null 2>&1 || as_server "$programs/pg_ctl" -D data -l log -w start \
    -o "-k $home -p $port -c listen_addresses=127.0.0.1 -c shared_buffers=2GB -c work_mem=16MB -c max_wal_size=1GB" >/dev/null
  configuration >"$home/deskgate.toml"
}

build() {
  binary=${DESKGATE_BINARY:-}
  [ -n "$binary" ] && return
  (cd "$root" && cargo build --locked --release --quiet)
  binary=${CARGO_TARGET_DIR:-$root/target}/release/deskgate
}

configuration() {
  printf '[site]\nname = "Bench"\nbase_url = "http://127.0.0.1:18084"\n[web]\nlisten = "127.0.0.1:18084"\n'
  printf '[database]\nurl = "postgres://postgres@127.0.0.1:%s/console"\n' "$port"
  for mailbox in support billing; do
    printf '[[mailbox]]\nname = "%s"\naddress = "%s@desk.test"\nsmtp = { host = "127.0.0.1", port = 9, tls = "none" }\n' "$mailbox" "$mailbox"
  done
  printf '[[product]]\nname = "shop"\n[[product]]\nname = "app"\n'
  for n in $(seq 12); do printf '[[staff]]\nname = "Agent %s"\nemail = "agent%s@desk.test"\n' "$n" "$n"; done
}

fill() {
  query -qc "drop database if exists console" -c "create database console"
  "$binary" --config "$home/deskgate.toml" migrate >/dev/null
  for file in "$root"/data/gate/sentences/*.tsv; do
    awk -F'\t' -v language="$(basename "$file" .tsv)" '{gsub(/\\/, "\\\\"); print language "\t" $1 "\t" $2}' "$file"
  done >"$home/sentences.tsv"
  query -qd console -v tickets="${TICKETS:-200000}" -v messages="${MESSAGES:-1000000}" \
    -v sentences="$home/sentences.tsv" -f "$root/bench/console/fill.sql"
}

measure() {
  printf 'correct horse battery staple\n' | "$binary" --config "$home/deskgate.toml" staff password agent1@desk.test >/dev/null
  python3 "$root/bench/console/measure.py" --binary "$binary" --config "$home/deskgate.toml" --requests "${REQUESTS:-300}"
}

# The same pages of the other desk, on what its database holds.
peer() {
  port_is_taken 55432 || "$shared/pg.sh" start
  NOLOCK=1 "$PEERS/djvenv/bin/python" "$shared/bench.py" web django-helpdesk --gets 300
}

main "$@"
