#!/bin/bash
# Shows mails as a person reads them: read.sh FILE...
#
# The headers that matter and the plain text, decoded (RFC 2045 quoted-printable and base64, RFC 2047
# encoded words, UTF-8). A small reader for the mails of this project, not for every mail in the world.
set -u

main() {
  local file
  for file in "$@"; do
    for name in From To Cc Reply-To Subject In-Reply-To Auto-Submitted; do show_header "$name" "$file"; done
    echo
    plain_part "$file"
    echo
  done
}

show_header() {
  local value
  value=$(header "$1" <"$2" | decode_words)
  [ -z "$value" ] || printf '%s: %s\n' "$1" "$value"
}

# The first header of a name on standard input, unfolded.
header() {
  sed -e 's/\r$//' -e '/^$/q' | sed -e ':a' -e '$!N' -e 's/\n[[:space:]]\{1,\}/ /' -e 'ta' -e 'P' -e 'D' |
    sed -n "s/^$1:[[:space:]]*//Ip" | head -n1
}

decode_words() {
  local text before kind word pattern='^(.*)=\?[Uu][Tt][Ff]-8\?([QqBb])\?([^?]*)\?=(.*)$'
  IFS= read -r text || [ -n "$text" ] || return 0
  text=$(sed -E 's/\?=[[:space:]]+=\?/?==?/g' <<<"$text")
  while [[ $text =~ $pattern ]]; do
    before=${BASH_REMATCH[1]} kind=${BASH_REMATCH[2]} word=${BASH_REMATCH[3]}
    case $kind in
      [Bb]) word=$(base64 -d <<<"$word" 2>/dev/null) ;;
      *) word=$(tr _ ' ' <<<"$word" | decode quoted-printable) ;;
    esac
    text=$before$word${BASH_REMATCH[4]}
  done
  printf '%s' "$text"
}

# The text/plain part of a mail; of several parts the first such one, also inside another multipart.
plain_part() {
  local boundary part
  boundary=$(header Content-Type <"$1" | sed -nE 's/.*boundary="?([^";]+)"?.*/\1/Ip')
  if [ -z "$boundary" ]; then
    body <"$1" | decode "$(header Content-Transfer-Encoding <"$1")"
    return
  fi
  part=$(mktemp)
  for n in 1 2 3 4; do
    sed 's/\r$//' "$1" | awk -v mark="--$boundary" -v n="$n" 'index($0, mark) == 1 { at++; next } at == n' >"$part"
    case $(header Content-Type <"$part") in
      [Tt]ext/plain* | [Mm]ultipart/*) plain_part "$part"; break ;;
    esac
  done
  rm -f "$part"
}

body() { sed -e 's/\r$//' | sed -e '1,/^$/d'; }

decode() {
  case ${1,,} in
    base64) base64 -d ;;
    quoted-printable)
      local text
      text=$(sed -E ':a;/=$/{N;s/=\n//;ba}' | sed -E -e 's/\\/\\\\/g' -e 's/=([0-9A-Fa-f]{2})/\\x\1/g'; echo .)
      printf '%b' "${text%.}"
      ;;
    *) cat ;;
  esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then main "$@"; fi
