"""Deskgate as one more class of bench.py, beside the desks that it knows."""
import os
import subprocess
import urllib.request

import psycopg2

import bench

BINARY = os.environ["DESKGATE_BINARY"]
HOME = f"{bench.PE}/deskgate"
WEB = 18083

CONFIGURATION = """
[site]
name = "Bench Desk"
base_url = "http://127.0.0.1:{web}"
[database]
url = "postgres://postgres@127.0.0.1:55432/{database}"
[[mailbox]]
name = "support"
address = "support@desk.test"
imap = {{ host = "127.0.0.1", port = 10143, tls = "none", user = "support@desk.test", password = "pw" }}
smtp = {{ host = "127.0.0.1", port = {relay}, tls = "none" }}
[web]
listen = "127.0.0.1:{web}"
"""

# The notices to one person are capped, as those to customers are; the load has one customer a mail.
STAFF = """
[[staff]]
name = "Agent"
email = "agent@desk.test"
[limits]
notices_per_hour = 100000
"""


class Deskgate(bench.Peer):
    """One process does it all: `run` fetches, processes and delivers, so `start` has nothing to do.

    Like the other desks it makes a ticket of each mail and acknowledges it to the customer, and mails
    no staff unless `staff` asks for it."""

    name, db = "deskgate", "deskgate"
    template = "deskgate_tmpl"
    records_sent = 1
    count_sql = "select count(*) from tickets"
    pairs_sql = """select '<' || header_id || '>', ticket_id from messages
                   where direction = 'in' and header_id like '%@mail.customer.test'"""

    def configure(self, relay=10025, staff=False):
        os.makedirs(HOME, exist_ok=True)
        text = CONFIGURATION.format(database=self.db, relay=relay, web=WEB) + (STAFF if staff else "")
        with open(f"{HOME}/deskgate.toml", "w") as file:
            file.write(text)
        return self

    def cmd(self, *arguments):
        """bench.py asks for `fetch-once` or `fetch-idle`: both are `run` here, which never ends by itself."""
        verb = "run" if arguments in (("fetch-once",), ("fetch-idle",)) else arguments[0]
        return [BINARY, "--config", f"{HOME}/deskgate.toml", verb, *arguments[1:]]

    def start(self):
        pass

    def stop(self):
        pass

    def make_template(self):
        """An empty database with the present schema, which `reset` copies."""
        admin(f"drop database if exists {self.db} with (force)", f"create database {self.db}")
        self.configure()
        subprocess.run(self.cmd("migrate"), check=True, stdout=subprocess.DEVNULL)
        admin(f"drop database if exists {self.db}_tmpl with (force)", f"alter database {self.db} rename to {self.db}_tmpl")

    def reset(self):
        """A copy of the template. The checkpoint keeps what was written before out of the measurement."""
        admin(f"drop database if exists {self.db} with (force)",
              f"create database {self.db} template {self.template} strategy file_copy", "checkpoint")

    def sent(self, connection):
        """Mails that Deskgate has recorded as taken by the relay."""
        return self.q(connection, "select count(*) from outbox where state = 'sent'")[0][0]

    def is_open(self):
        """Whether the mailbox is being watched."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{WEB}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def admin(*statements):
    connection = psycopg2.connect("host=127.0.0.1 port=55432 user=postgres dbname=postgres")
    connection.autocommit = True
    for statement in statements:
        connection.cursor().execute(statement)
    connection.close()


class DjangoHelpdesk(bench.Dj):
    """The fastest of the other desks, installed by peer_django_helpdesk.sh of the bench. It records nowhere
    what it has sent. Its web server is not started."""

    records_sent = 0

    def configure(self, relay=10025, staff=False):
        """Its settings are Python: the last assignment holds."""
        assert os.path.isdir(f"{bench.PE}/dj"), "install it first: see bench/README.md"
        with open(f"{bench.PE}/dj/desk/settings.py", "a") as file:
            file.write(f"\nEMAIL_PORT = {relay}\n")
        return self

    def sent(self, connection):
        return 0
