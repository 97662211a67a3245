# Dovecot for post-office.sh: IMAP with STARTTLS, IMAPS and LMTP, on 127.0.0.1.
# shellcheck shell=bash disable=SC2154

# Who owns the mailboxes: root hands them to Debian's `mail`, anybody else keeps them.
mail_user() { if [ "$(id -u)" = 0 ]; then echo mail; else id -un; fi; }

start_dovecot() {
  [ "$(id -u)" != 0 ] || chown mail: "$dir/mail"
  case $(/usr/sbin/dovecot --version) in
    2.3.*) dovecot_2_3 ;;
    *) dovecot_2_4 ;;
  esac >"$dir/dovecot/dovecot.conf"
  /usr/sbin/dovecot -c "$dir/dovecot/dovecot.conf" </dev/null >>"$dir/log/dovecot.log" 2>&1 || return 1
  setsid bash -c 'cat "$1/hold"; kill "$(cat "$1/dovecot/run/master.pid")"' - "$dir" </dev/null >/dev/null 2>&1 &
}

dovecot_2_3() {
  dovecot_common
  cat <<CONF
disable_plaintext_auth = no
ssl_cert = <$dir/tls/cert.pem
ssl_key = <$dir/tls/key.pem
auth_default_realm = desk.test
auth_username_format = %Lu
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$(mail_user) gid=$(id -gn "$(mail_user)") home=$dir/mail/%Ld/%Ln allow_all_users=yes
}
CONF
}

dovecot_2_4() {
  local version
  version=$(/usr/sbin/dovecot --version | grep -oE '^[0-9.]+')
  echo "dovecot_config_version = $version"
  echo "dovecot_storage_version = $version"
  dovecot_common
  cat <<CONF
auth_allow_cleartext = yes
ssl_server_cert_file = $dir/tls/cert.pem
ssl_server_key_file = $dir/tls/key.pem
auth_default_domain = desk.test
auth_username_format = %{user | lower}
mail_driver = maildir
mail_path = ~/Maildir
passdb static {
  password = secret
}
userdb static {
  allow_all_users = yes
  fields {
    uid = $(mail_user)
    gid = $(id -gn "$(mail_user)")
    home = $dir/mail/%{user | domain | lower}/%{user | username | lower}
  }
}
CONF
}

dovecot_common() {
  cat <<CONF
base_dir = $dir/dovecot/run
state_dir = $dir/dovecot/run
log_path = $dir/log/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
auth_mechanisms = plain login
# A wrong password is answered at once, and costs the next log-in from this machine no time.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
recipient_delimiter = +
first_valid_uid = 1
mail_max_userip_connections = 200
namespace inbox {
  inbox = yes
}
service imap-login {
  inet_listener imap {
    port = $IMAP_PORT
  }
  inet_listener imaps {
    port = $IMAPS_PORT
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = $LMTP_PORT
  }
}
CONF
  [ "$(id -u)" = 0 ] || dovecot_unprivileged
}

# All processes as the one who starts it: no other users, no chroot.
dovecot_unprivileged() {
  echo "default_internal_user = $(id -un)"
  echo "default_internal_group = $(id -gn)"
  echo "default_login_user = $(id -un)"
  for service in anvil imap-login stats; do
    printf 'service %s {\n  chroot =\n}\n' $service
  done
}
