#!/bin/bash
# How long a customer waits: from the moment a mail is in the support mailbox to the moment the
# answer is in the customer's. Needs a running ./demo.
#
#   scripts/latency.sh [COUNT]     30 mails, one after the other; prints the median, least and most
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/scripts/lib.sh"
count=${1:-30}
demo=${DESKGATE_DEMO_DIR:-$root/var/demo}
[ -s "$demo/post/ports" ] || fail "no running demo in $demo; start one with ./demo"
. "$demo/post/ports"

main() {
  local number waits
  waits=$(for ((number = 1; number <= count; number++)); do wait_of "$number.$$@customer.test"; done | sort -n)
  [ "$(wc -l <<<"$waits")" = "$count" ] || fail "not every mail was answered"
  printf 'delivered -> answered, %d mails, ms: median %s, least %s, most %s\n' "$count" \
    "$(sed -n "$(((count + 1) / 2))p" <<<"$waits")" "$(head -n1 <<<"$waits")" "$(tail -n1 <<<"$waits")"
}

# The milliseconds that one mail takes.
wait_of() { # CUSTOMER
  local inbox delivered
  inbox=$demo/post/mail/customer.test/${1%@*}/Maildir/new
  deliver "$1" || fail "could not deliver a mail by LMTP to 127.0.0.1:$LMTP_PORT"
  delivered=$(date +%s%N)
  wait_until 30 answer_in "$inbox" || fail "no answer for $1 within 30 seconds"
  echo $((($(date +%s%N) - delivered) / 1000000))
}

# Looks every two milliseconds for a second, before wait_until looks again.
answer_in() {
  local look
  for look in {1..500}; do
    compgen -G "$1/*" >/dev/null && return
    sleep 0.002
  done
  return 1
}

# Byte for byte into the support mailbox (LMTP, RFC 2033).
deliver() {
  local code step
  exec 3<>"/dev/tcp/127.0.0.1/$LMTP_PORT" || return
  read -r code <&3
  for step in "LHLO localhost" "MAIL FROM:<$1>" "RCPT TO:<support@desk.test>" DATA; do
    printf '%s\r\n' "$step" >&3
    while read -r code <&3 && [[ $code == ???-* ]]; do :; done
    [[ $code == [23]* ]] || return
  done
  printf '%s\r\n' "Authentication-Results: mx.desk.test; dmarc=pass header.from=customer.test" \
    "From: Customer <$1>" "To: support@desk.test" "Subject: The printer is slow" \
    "Date: $(LC_ALL=C date -R)" "Message-ID: <$1>" "" "It prints one page a minute." . >&3
  read -r code <&3
  printf 'QUIT\r\n' >&3
  exec 3>&-
  [[ $code == 2* ]]
}

main
