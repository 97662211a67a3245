# Postfix for post-office.sh: SMTP in, LMTP to Dovecot, on 127.0.0.1.
# shellcheck shell=bash disable=SC2154

daemons=/usr/lib/postfix/sbin

# Whom Postfix runs as. An ordinary user's folders may be closed to others, so it is that user then.
mail_owner() { if [ "$(id -u)" = 0 ]; then echo postfix; else id -un; fi; }

start_postfix() {
  local queue
  mkdir -p "$dir"/postfix/{data,spool}
  for queue in active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace; do
    mkdir -p "$dir/postfix/spool/$queue"
  done
  postfix_main >"$dir/postfix/main.cf"
  postfix_master >"$dir/postfix/master.cf"
  postfix_tables
  as_root /bin/bash "$here/post-office.sh" postfix-as-root "$dir" </dev/null >>"$dir/log/start.log" 2>&1
}

# Starts the master, which needs root, and leaves a watcher behind that stops it with the FIFO.
postfix_as_root() {
  local owner
  owner=$(sed -n 's/^mail_owner = //p' "$dir/postfix/main.cf")
  touch "$dir/log/postfix.log"
  chown -R "$owner" "$dir/postfix/data" "$dir/postfix/spool" "$dir/log/postfix.log"
  "$daemons/master" -c "$dir/postfix" -w || return 1
  # The master keeps its own pid file to root; this copy is for everybody.
  tr -dc 0-9 <"$dir/postfix/spool/pid/master.pid" >"$dir/postfix/master.pid"
  setsid /bin/bash -c 'cat "$1/hold"; kill "$(cat "$1/postfix/master.pid")"' - "$dir" </dev/null >/dev/null 2>&1 &
}

postfix_main() {
  cat <<CONF
compatibility_level = 3.6
myhostname = mx.desk.test
mydomain = desk.test
myorigin = desk.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
queue_directory = $dir/postfix/spool
data_directory = $dir/postfix/data
daemon_directory = $daemons
command_directory = /usr/sbin
mail_owner = $(mail_owner)
setgid_group = postdrop
maillog_file = $dir/log/postfix.log
maillog_file_prefixes = $dir
enable_long_queue_ids = yes

# Domains reserved for tests are ours; nothing else ever leaves this machine.
virtual_mailbox_domains = regexp:$dir/postfix/domains
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:$LMTP_PORT
recipient_delimiter = +
default_transport = error:5.7.1 this post office sends nothing beyond this machine
relay_transport = \$default_transport
local_transport = \$default_transport
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unauth_destination

# What this server vouches for (RFC 8601), and that nobody else does so in its name (section 5 there).
smtpd_sender_restrictions = check_sender_access regexp:$dir/postfix/vouch
header_checks = regexp:$dir/postfix/headers
mime_header_checks =
nested_header_checks =

smtpd_tls_cert_file = $dir/tls/cert.pem
smtpd_tls_key_file = $dir/tls/key.pem
smtpd_tls_security_level = may
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
disable_dns_lookups = yes
in_flow_delay = 0
message_size_limit = 52428800
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtputf8_enable = yes
# Mail is delivered as it was sent, without a Date or Message-ID it does not have.
local_header_rewrite_clients =
CONF
}

postfix_master() {
  cat <<CONF
127.0.0.1:$SMTP_PORT inet n - n - - smtpd
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
error     unix  - - n - - error
retry     unix  - - n - - error
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
showq     unix  n - n - - showq
postlog   unix-dgram n - n - 1 postlogd
CONF
}

# header_checks sees the headers that PREPEND adds too. So ours comes in under a name nobody can guess
# and gets its real one there, where every other line in the name of this server is dropped.
postfix_tables() {
  local reserved='([a-z0-9.-]+\.)?(test|example|example\.(com|net|org))' ours
  ours=X-Vouched-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "/^$reserved\$/ ok" >"$dir/postfix/domains"
  echo "/@($reserved)\$/ PREPEND $ours: spf=pass smtp.mailfrom=\$1" >"$dir/postfix/vouch"
  cat >"$dir/postfix/headers" <<CONF
/^$ours: (.*)/ REPLACE Authentication-Results: mx.desk.test; \$1
/^Authentication-Results[[:space:]]*:.*mx\.desk\.test/ IGNORE
CONF
}
