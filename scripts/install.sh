#!/bin/bash
# Installs with apt what the demo and the tests stand on, and only what is missing:
# PostgreSQL's server programs (15 or newer), pgbouncer, Dovecot (IMAP and LMTP), Postfix, OpenSSL, a C compiler
# (a dependency has C and assembler code), Python (which writes the hostile mails), Chromium with its driver and
# certificates. Debian starts none of the servers.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
  local missing
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null ||
    fail "missing: ${missing//$'\n'/ }. Without apt-get, install their counterparts by hand."
  say "installing with apt: ${missing//$'\n'/ }"
  # shellcheck disable=SC2086
  as_root bash "$(realpath "${BASH_SOURCE[0]}")" as-root $missing || fail "apt could not install: ${missing//$'\n'/ }"
  missing=$(missing_packages)
  [ -z "$missing" ] || fail "still missing after the installation: ${missing//$'\n'/ }"
}

missing_packages() {
  newest_postgres >/dev/null || echo postgresql
  [ -x /usr/sbin/dovecot ] && [ -x /usr/lib/dovecot/imap ] || echo dovecot-imapd
  [ -x /usr/lib/dovecot/lmtp ] || echo dovecot-lmtpd
  [ -x /usr/lib/postfix/sbin/master ] || echo postfix
  [ -x /usr/sbin/pgbouncer ] || echo pgbouncer
  command -v openssl >/dev/null || echo openssl
  command -v cc >/dev/null || echo gcc libc6-dev
  command -v setpriv >/dev/null || echo util-linux
  command -v python3 >/dev/null || echo python3
  [ -x /usr/bin/chromium ] || echo chromium
  [ -x /usr/bin/chromedriver ] || echo chromium-driver
  [ -s /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
}

install_as_root() {
  export DEBIAN_FRONTEND=noninteractive
  local packages=" $* "
  log=$(mktemp)
  trap 'rm -f "$log"; restore_service_policy; restore_cluster_policy' EXIT
  {
    apt update
    forbid_services
    case $packages in
      *" postgresql "*)
        # The server alone, of this Debian's version, without a cluster of its own on port 5432.
        apt install postgresql-common && forbid_main_cluster || exit 1
        packages=${packages/ postgresql / $(postgres_server_package) }
        ;;
    esac
    case $packages in *" postfix "*) preseed_postfix ;; esac
    # shellcheck disable=SC2086
    apt install $packages
  } >"$log" 2>&1 || { tail -n 25 "$log" >&2; exit 1; }
  keep_off_at_boot $packages
}

# Another apt may be at work, as on a machine that was just set up.
apt() { # update | install PACKAGE...
  local verb=$1; shift
  apt-get -q -y -o DPkg::Lock::Timeout=600 "$verb" --no-install-recommends "$@"
}

postgres_server_package() { apt-cache depends postgresql | grep -om1 'postgresql-[0-9]*'; }

preseed_postfix() {
  debconf-set-selections <<<'postfix postfix/main_mailer_type select No configuration'
}

# Debian asks this file before a package starts its service (101: do not).
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ ! -e $policy ] || return 0
  printf '#!/bin/sh\n# made by the installation of Deskgate, which takes it away again\nexit 101\n' >$policy
  chmod 755 $policy
}
restore_service_policy() { ! grep -qs 'installation of Deskgate' $policy || rm -f $policy; }

clusters=/etc/postgresql-common/createcluster.conf
forbid_main_cluster() {
  cp -p $clusters $clusters.before-deskgate && echo 'create_main_cluster = false' >>$clusters
}
restore_cluster_policy() { [ ! -e $clusters.before-deskgate ] || mv $clusters.before-deskgate $clusters; }

# A server that was not here before shall not turn up after the next start of the machine either.
keep_off_at_boot() {
  local package unit
  command -v systemctl >/dev/null || return 0
  for package in "$@"; do
    case $package in
      dovecot-imapd) unit="dovecot.service dovecot.socket" ;;
      postfix) unit=postfix.service ;;
      pgbouncer) unit=pgbouncer.service ;;
      *) continue ;;
    esac
    # shellcheck disable=SC2086
    systemctl -q disable $unit >/dev/null 2>&1 || true
  done
}

if [ "${1:-}" = as-root ]; then shift; install_as_root "$@"; else main; fi
