# Shared by the scripts of this folder: words for people, root where it is needed, free ports.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Runs a command as root: directly, or through sudo (which asks on the terminal when it must).
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || fail "this needs root: install sudo or run as root ($*)"
  sudo "$@"
}

# A port of 127.0.0.1 that nobody listens on, below the range the kernel hands out by itself.
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    port_is_taken "$port" || { echo "$port"; return; }
  done
  fail "found no free port between 20000 and 32000 on 127.0.0.1"
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_until SECONDS COMMAND...: polls until the command succeeds; fails when time is up.
wait_until() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# The process whose id stands in a file is alive, whoever owns it. A dead one that its parent has not
# noticed yet (state Z) is dead: in a container the parent may never look.
pid_lives() { [ -s "$1" ] && grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$(cat "$1")/status"; }

# Servers that give up root for a user of their own must be able to reach a folder, and the names of
# their sockets in it must fit into 107 bytes.
reachable_by() { # USER FOLDER
  [ "$(id -u)" != 0 ] || setpriv --reuid="$1" --regid="$(id -g "$1")" --clear-groups test -x "$2"
}
short_enough() { [ ${#1} -le 60 ]; }

# The folder of the newest installed PostgreSQL server, 15 or newer.
newest_postgres() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/postgres' 2>/dev/null | sort -t/ -k5n | tail -n1)
  newest=${newest%/postgres}
  [ -n "$newest" ] && [ "$(cut -d/ -f5 <<<"$newest")" -ge 15 ] && echo "$newest"
}
