# The desk of ./demo: its configuration, its process, its customers' mailboxes.
# shellcheck shell=bash disable=SC2154

# A command for people to copy, and the one this script uses itself.
desk() { "$demo/deskgate" "$@"; }

show_and_run() {
  printf '$ deskgate %s\n' "$*"
  desk "$@" || fail "the command failed; the log is $demo/deskgate.log"
}

start_desk() {
  local web
  web=127.0.0.1:$(free_port)
  desk_configuration "$web" >"$demo/deskgate.toml"
  printf '#!/bin/sh\nexec "%s/target/release/deskgate" --config "%s/deskgate.toml" "$@"\n' "$root" "$demo" >"$demo/deskgate"
  chmod +x "$demo/deskgate"
  setsid "$demo/deskgate" run </dev/null >"$demo/deskgate.log" 2>&1 &
  echo $! >"$demo/deskgate.pid"
  wait_until 60 desk_is_healthy_or_dead
  if ! desk_is_healthy; then
    tail -n 20 "$demo/deskgate.log" >&2
    fail "Deskgate did not become healthy; its log is $demo/deskgate.log"
  fi
  say "Deskgate: http://$web/healthz answers"
  openssl rand -hex 10 >"$demo/console-password"
  desk staff password agent@desk.test <"$demo/console-password"
}

desk_configuration() { # WEB
  cat <<TOML
[site]
name = "Example Desk"
base_url = "http://$1"
secret_file = "$demo/deskgate.secret"

# Without a url Deskgate runs a PostgreSQL of its own here.
[database]
data_dir = "$demo/postgres"

[[mailbox]]
name = "support"
address = "support@desk.test"
authserv_id = "mx.desk.test"
reply_tag = true
imap = { host = "127.0.0.1", port = $IMAP_PORT, tls = "none", user = "support@desk.test", password = "secret", folder = "INBOX", after = "seen", poll = "60s" }
smtp = { host = "127.0.0.1", port = $SMTP_PORT, tls = "none" }

[[staff]]
name = "Support Agent"
email = "agent@desk.test"
role = "agent"

[[stakeholder]]
email = "boss@desk.test"
wants = ["sev1", "sev2"]

[web]
listen = "$1"
TOML
}

web_address() { sed -n 's/^listen = "\(.*\)"/\1/p' "$demo/deskgate.toml"; }

desk_is_healthy() {
  local address status
  address=$(web_address)
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}" || return 1
  printf 'GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$address" >&3
  IFS= read -r -t 5 status <&3
  exec 3>&-
  [[ $status == *" 200 "* ]]
} 2>/dev/null

desk_is_healthy_or_dead() { desk_is_healthy || ! pid_lives "$demo/deskgate.pid"; }
desk_is_dead() { ! pid_lives "$demo/deskgate.pid"; }

stop_everything() {
  if pid_lives "$demo/deskgate.pid"; then
    kill "$(cat "$demo/deskgate.pid")"
    wait_until 30 desk_is_dead || fail "Deskgate (process $(cat "$demo/deskgate.pid")) does not stop; see $demo/deskgate.log"
    say "Deskgate stopped"
  fi
  rm -f "$demo/deskgate.pid"
  [ ! -d "$demo/post" ] || "$root/scripts/post-office.sh" stop "$demo/post"
}

# The private cluster says itself where it listens.
psql_command() {
  local pid_file
  pid_file=$(find "$demo/postgres" -maxdepth 2 -name postmaster.pid 2>/dev/null | head -n1)
  [ -n "$pid_file" ] || { echo "not running"; return; }
  echo "psql -h $(sed -n 5p "$pid_file") -p $(sed -n 4p "$pid_file") -U deskgate deskgate"
}

# send FROM TO NAME [SED ARGUMENTS]: one of the mails beside this file.
send() {
  local from=$1 to=$2 name=$3; shift 3
  sed -e "s|@DATE@|$(LC_ALL=C date -R)|" -e "s|@ID@|$(date +%s%N).$RANDOM|" "$@" "$root/scripts/demo/$name.eml" |
    SMTP_PORT=$SMTP_PORT "$root/scripts/send.sh" "$from" "$to" || fail "could not send the mail $name.eml"
  say "sent: $name.eml from $from"
}

reply_address() {
  local reply_to
  reply_to=$(header Reply-To <"$1"); [ -n "$reply_to" ] || reply_to=$(header From <"$1")
  echo "$reply_to"
}

# answer_by_mail FROM MAIL WORDS: what a mail program makes of "reply"; WORDS as printf takes them.
answer_by_mail() {
  local from=$1 mail=$2 words=$3 to
  to=$(reply_address "$mail")
  printf -- '--- %s answers\n%b\n' "$from" "$words" | sed '2,$s/^/    /'
  {
    printf 'From: %s\nTo: %s\nSubject: Re: %s\n' "$from" "$to" "$(header Subject <"$mail")"
    printf 'Date: %s\nMessage-ID: <%s@%s>\n' "$(LC_ALL=C date -R)" "$(date +%s%N).$RANDOM" "${from#*@}"
    printf 'In-Reply-To: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%b' "$(header Message-ID <"$mail")" "$words"
  } | SMTP_PORT=$SMTP_PORT "$root/scripts/send.sh" "$from" "$(address_in "$to")" || fail "could not send the answer of $from"
}

# The newest mail of an address in which these words stand.
mail_about() {
  local mail
  mails_of "$1" | while IFS= read -r mail; do
    { header Subject <"$mail" | decode_words; "$root/scripts/read.sh" "$mail"; } 2>/dev/null | grep -qF -- "$2" && echo "$mail"
  done | tail -n1
}

has_mail_about() { [ -n "$(mail_about "$@")" ]; }

folder_of() { echo "$demo/post/mail/${1#*@}/${1%@*}/Maildir"; }

# The mails of an address, oldest first.
mails_of() {
  find "$(folder_of "$1")"/{new,cur} -type f -printf '%T@ %p\n' 2>/dev/null | sort -n | cut -d' ' -f2-
}

has_mails() { [ "$(mails_of "$1" | wc -l)" -ge "$2" ]; }

wait_for_mails() {
  wait_until 60 has_mails "$1" "$2" ||
    fail "no answer came for $1 within a minute; look into $demo/deskgate.log and: $demo/deskgate outbox list"
}

# One mail, which is not shown again.
show_mail() { # ADDRESS MAIL
  printf -- '--- in the mailbox of %s\n' "$1"
  "$root/scripts/read.sh" "$2"
  echo "${2##*/}" >>"$demo/shown"
}

# Shows what came for these addresses since the last time.
show_mails() {
  local address mail
  touch -a "$demo/shown"
  for address in "$@"; do
    while IFS= read -r mail; do
      grep -qxF "${mail##*/}" "$demo/shown" || show_mail "$address" "$mail"
    done < <(mails_of "$address")
  done
}

address_in() { sed -E 's/.*<([^>]*)>.*/\1/' <<<"$1"; }

# The ticket's number, from the reference in the subject: [DG-17].
ticket_in() { header Subject <"$1" | decode_words | sed -nE 's/.*\[[A-Z]+-([0-9]+)\].*/\1/p'; }
