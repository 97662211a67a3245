#!/bin/bash
# A real post office on 127.0.0.1, for the demo and the tests: Dovecot (IMAP, IMAPS, LMTP) and Postfix (SMTP).
#
#   post-office.sh start DIR [--imap N] [--imaps N] [--lmtp N] [--smtp N]
#   post-office.sh run DIR [ports]     the same, until standard input ends; then DIR is removed
#   post-office.sh stop DIR | status DIR
#
# Everything lives below DIR. Ports that are not given are free ones; all are written to DIR/ports as
# KEY=VALUE, the certificate authority of the TLS ports to DIR/tls/ca.pem. Every address in a domain
# reserved for tests (RFC 2606) has a mailbox, made on first delivery below DIR/mail; its password is
# `secret`, its user the address, or the part before the @ for desk.test. No mail leaves this machine.
#
# Both servers stop by themselves when nobody holds the FIFO DIR/hold open for writing any more, so
# nothing stays behind when the one who started them is killed. Postfix is started by root; for an
# ordinary user that is one call of sudo. Dovecot runs as that user.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
. "$here/post-office/dovecot.sh"
. "$here/post-office/postfix.sh"

main() {
  command=${1:-}; dir=${2:-}; shift 2 2>/dev/null || usage
  read_ports "$@"
  case $command in
    start) open_office; say "post office: $(tr '\n' ' ' <"$dir/ports")" ;;
    run) trap '' INT TERM HUP; open_office; say ready; serve_until_eof ;;
    stop) close_office ;;
    status) office_status ;;
    postfix-as-root) postfix_as_root ;; # this script calls itself with it
    *) usage ;;
  esac
}

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64; }

declare -A given=()
read_ports() {
  while [ $# -gt 0 ]; do
    case $1 in --imap | --imaps | --lmtp | --smtp) given[${1#--}]=${2:?"$1 needs a port"}; shift 2 ;; *) usage ;; esac
  done
}

open_office() {
  mkdir -p "$dir" && dir=$(cd "$dir" && pwd) || fail "cannot make the folder $dir"
  ! office_lives || fail "a post office already runs in $dir; stop it with: scripts/post-office.sh stop $dir"
  short_enough "$dir" || fail "the path $dir is too long for the sockets in it; use one of at most 60 characters"
  prepare_folders
  make_certificates
  for try in 1 2 3 4 5; do
    choose_ports
    hold
    start_dovecot && start_postfix && wait_until 20 everybody_answers && return
    release
    [ "$try" = 5 ] || ! all_ports_given || break
  done
  tail -n 5 "$dir"/log/*.log >&2
  fail "the post office in $dir did not start; its logs are in $dir/log"
}

prepare_folders() {
  mkdir -p "$dir"/{tls,log,mail,dovecot/run,postfix}
  chmod 755 "$dir" "$dir"/{tls,log,dovecot,postfix}
  reachable_by "$(mail_user)" "$dir" ||
    fail "the user $(mail_user) cannot reach $dir; use a folder that everybody may pass through"
  rm -f "$dir/ports"
}

choose_ports() {
  local service
  for service in imap imaps lmtp smtp; do
    echo "${service^^}_PORT=${given[$service]:-$(free_port)}"
  done >"$dir/ports"
  . "$dir/ports"
}

all_ports_given() { [ ${#given[@]} = 4 ]; }

make_certificates() {
  [ ! -f "$dir/tls/cert.pem" ] || return 0
  (
    cd "$dir/tls" || exit
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=Post office of Deskgate's tests" \
      -keyout ca.key -out ca.pem &&
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout key.pem -out request.pem &&
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >extensions &&
      openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -extfile extensions -out cert.pem
  ) >"$dir/log/openssl.log" 2>&1 || fail "openssl made no certificate; see $dir/log/openssl.log"
}

everybody_answers() {
  port_is_taken "$IMAP_PORT" && port_is_taken "$LMTP_PORT" && port_is_taken "$SMTP_PORT"
}

# One process has the FIFO open for writing; its end is the end of both servers. For `run` it is one
# that ends with our standard input.
hold() {
  rm -f "$dir/hold" && mkfifo -m 644 "$dir/hold" || fail "cannot make the FIFO $dir/hold"
  if [ "$command" = run ]; then
    setsid cat <&0 1<>"$dir/hold" 2>/dev/null &
  else
    setsid sleep infinity </dev/null 1<>"$dir/hold" 2>/dev/null &
  fi
  echo $! >"$dir/holder.pid"
}

release() {
  ! pid_lives "$dir/holder.pid" || kill "$(cat "$dir/holder.pid")"
  wait_until 20 office_is_closed || fail "the post office in $dir did not stop; see $dir/log"
  rm -f "$dir/holder.pid" "$dir/hold"
}

serve_until_eof() {
  wait "$(cat "$dir/holder.pid")"
  wait_until 20 office_is_closed && rm -rf "$dir"
}

close_office() {
  [ -p "$dir/hold" ] || { say "no post office in $dir"; return 0; }
  release
  say "post office stopped"
}

office_lives() { pid_lives "$dir/dovecot/run/master.pid" || pid_lives "$dir/postfix/master.pid"; }
office_is_closed() { ! office_lives; }

office_status() {
  [ -f "$dir/ports" ] && office_lives || { say "no post office runs in $dir"; return 3; }
  . "$dir/ports"
  local service port
  for service in IMAP IMAPS LMTP SMTP; do
    port=${service}_PORT
    if port_is_taken "${!port}"; then say "$service 127.0.0.1:${!port} answers"; else say "$service 127.0.0.1:${!port} is silent"; fi
  done
}

main "$@"
