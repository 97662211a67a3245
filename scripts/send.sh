#!/bin/bash
# Sends a mail by SMTP without any mail program: send.sh FROM TO [FILE]
#
# FILE (or standard input) is a whole mail: header lines, an empty line, the text. The server is
# 127.0.0.1:${SMTP_PORT:-25}, spoken to as plain as RFC 5321 has it.
set -u
[ $# -ge 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 64; }

main() {
  local from=$1 to=$2 file=${3:--}
  exec 3<>"/dev/tcp/127.0.0.1/${SMTP_PORT:-25}" || exit 75
  expect 220
  order "EHLO localhost" 250
  order "MAIL FROM:<$from>" 250
  order "RCPT TO:<$to>" 250
  order DATA 354
  # Lines end with CR LF, and a dot in front is doubled (section 4.5.2).
  cat -- "$file" | sed -e 's/\r$//' -e 's/^\./../' -e 's/$/\r/' >&3
  order . 250
  order QUIT 221
}

order() { printf '%s\r\n' "$1" >&3; expect "$2"; }

expect() {
  local line
  while IFS= read -r -t 30 line <&3; do
    case $line in
      "$1-"*) ;;
      "$1"*) return ;;
      *) printf 'send.sh: the server answered: %s\n' "${line%$'\r'}" >&2; exit 75 ;;
    esac
  done
  echo "send.sh: the server says nothing more" >&2
  exit 75
}

main "$@"
