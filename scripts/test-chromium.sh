#!/bin/bash
# A chromedriver for one run of the tests:
#
#   test-chromium.sh DIR
#
# Serves from DIR on a free port of 127.0.0.1, which it prints when it answers. It and every browser that it started end
# when standard input ends, also when this script was killed; their profiles and logs lie in DIR and go with them.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
program=/usr/bin/chromedriver

main() {
  local try
  dir=${1:?"usage: test-chromium.sh DIR"}
  [ -x $program ] && [ -x /usr/bin/chromium ] || fail "chromium or its driver is not installed; run scripts/install.sh"
  mkdir -p "$dir/tmp" && dir=$(cd "$dir" && pwd) || fail "cannot make the folder $dir"
  trap '' INT TERM HUP # from here on there is something to take away
  for try in 1 2 3 4 5; do
    port=$(free_port)
    start_driver && break
    [ "$try" != 5 ] || fail "chromedriver did not start: $(tail -n1 "$dir/log")"
  done
  setsid bash "$here/test-chromium.sh" stop-at-eof "$dir" <&0 >/dev/null 2>&1 &
  say "$port"
  wait $!
}

# A group of processes of its own: the browsers stay in it, so that one signal ends all.
start_driver() {
  HOME=$dir TMPDIR=$dir/tmp setsid $program --port="$port" --log-path="$dir/log" </dev/null >/dev/null 2>&1 &
  echo $! >"$dir/pid"
  disown # its death is no news to tell
  wait_until 30 answered_or_died
  port_is_taken "$port" && pid_lives "$dir/pid"
}

answered_or_died() { port_is_taken "$port" || ! pid_lives "$dir/pid"; }
group_is_gone() { ! kill -0 -- "-$(cat "$dir/pid")" 2>/dev/null; }

stop_at_eof() {
  cat >/dev/null
  # Those that are dead already but for their parent's notice are taken for alive here: a little patience is enough.
  kill -KILL -- "-$(cat "$dir/pid")" 2>/dev/null
  wait_until 5 group_is_gone
  rm -rf "$dir"
}

case ${1:-} in
  stop-at-eof) dir=$2; stop_at_eof ;;
  *) main "$@" ;;
esac
