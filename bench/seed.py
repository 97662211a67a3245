"""A database with many tickets: what Deskgate made of 1,000 mails, over and over in SQL."""
import psycopg2

import bench
from deskgate import admin

# The mails that are multiplied.
MAILS = 1000
TEMPLATE = "deskgate_full"
# The bytes of the copies are cut to this length, so that copying the database takes seconds.
KEPT = 1000

# How the columns of copy number k differ from their original. Every point in time is two hours earlier with each
# copy; columns that are not named here are the same. `{people}` is how far the ids of one copy are from the next.
DIFFERENT = {
    "people": {"id": "id + k * {people}", "address": "'k' || k || '.' || address"},
    "tickets": {"id": "id + k * {tickets}", "requester_id": "requester_id + k * {people}",
                # Nine tickets in ten were closed long ago.
                "status": "case when k > {open} then 'closed' else status end",
                "closed_as": "case when k > {open} then 'answered' end",
                "closed_at": "case when k > {open} then changed_at - k * interval '2 hours' end"},
    "participants": {"ticket_id": "ticket_id + k * {tickets}", "person_id": "person_id + k * {people}"},
    "messages": {"id": "id + k * {messages}", "ticket_id": "ticket_id + k * {tickets}", "author_id": "author_id + k * {people}",
                 "header_id": "'k' || k || '.' || header_id", "fingerprint": "sha256(fingerprint || k::text::bytea)"},
    "report_slots": {"ticket_id": "ticket_id + k * {tickets}", "message_id": "message_id + k * {messages}"},
    "journal": {"id": "id + k * {journal}", "ticket_id": "ticket_id + k * {tickets}"},
    "outbox": {"id": "id + k * {outbox}", "ticket_id": "ticket_id + k * {tickets}", "recipient": "'k' || k || '.' || recipient",
               "header_id": "'k' || k || '.' || header_id", "bytes": "substr(bytes, 1, {kept})"},
    "inbound": {"id": "id + k * {inbound}", "uid": "uid + k * {inbound}", "sha256": "sha256(sha256 || k::text::bytea)",
                "raw": "substr(raw, 1, {kept})", "ticket_id": "ticket_id + k * {tickets}",
                "message_id": "message_id + k * {messages}"},
}


def is_there(desk, tickets):
    """Whether the template of an earlier run has this size and the present schema."""
    try:
        connection = psycopg2.connect(desk.dsn().replace(f"dbname={desk.db}", f"dbname={TEMPLATE}"))
    except psycopg2.OperationalError:
        return False
    cursor = connection.cursor()
    cursor.execute("select count(*) from tickets")
    same = cursor.fetchone()[0] == tickets and schema_of(cursor) == schema_of(template_of(desk))
    connection.close()
    return same


def template_of(desk):
    return psycopg2.connect(desk.dsn().replace(f"dbname={desk.db}", f"dbname={desk.db}_tmpl")).cursor()


def schema_of(cursor):
    cursor.execute("select max(version) from __diesel_schema_migrations")
    return cursor.fetchone()[0]


def multiply(desk, tickets):
    """Makes the template from the database at hand, in which 1,000 mails have become tickets."""
    connection = desk.con()
    cursor = connection.cursor()
    # The copies keep the references of their originals; checking each would take minutes.
    cursor.execute("set session_replication_role = replica")
    steps = {table: highest(cursor, table) for table, columns in DIFFERENT.items() if "id" in columns}
    copies = tickets // MAILS
    for table, different in DIFFERENT.items():
        numbers = {**steps, "kept": KEPT, "open": copies // 10}
        names, values = zip(*((name, different.get(name, same(name, kind)).format(**numbers))
                              for name, kind in columns_of(cursor, table)))
        cursor.execute(f"insert into {table} ({', '.join(names)}) overriding system value "
                       f"select {', '.join(values)} from {table}, generate_series(1, {copies - 1}) k")
    for table in steps:
        cursor.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), {highest(cursor, table)})")
    # The mailbox will have been made anew when this is used.
    cursor.execute("update mailboxes set uidvalidity = null, last_uid = 0, holder = null, held_until = null")
    cursor.execute("vacuum (freeze, analyze)")
    connection.close()
    admin(f"drop database if exists {TEMPLATE} with (force)", f"alter database {desk.db} rename to {TEMPLATE}")


def highest(cursor, table):
    cursor.execute(f"select max(id) from {table}")
    return cursor.fetchone()[0]


def columns_of(cursor, table):
    cursor.execute("select column_name, data_type from information_schema.columns "
                   "where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' order by ordinal_position", (table,))
    return cursor.fetchall()


def same(name, kind):
    return f"{name} - k * interval '2 hours'" if kind == "timestamp with time zone" else name
