#!/usr/bin/env python3
"""Measures Deskgate beside the desks of bench.py; started by bench/run. Each measurement prints a table."""
import argparse
import os
import signal
import statistics
import subprocess
import sys
import time

ALL = "ingest office staff flat latency kill memory limits".split()
arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("what", choices=[*ALL, "peer", "all"])
arguments.add_argument("--bench", required=True, help="the folder with bench.py")
arguments.add_argument("--reps", type=int, default=5)
arguments.add_argument("--n", type=int, default=1000, help="mails that wait")
arguments.add_argument("--tickets", type=int, default=200_000, help="tickets of the full database of `flat`")
arguments.add_argument("--count", type=int, default=30, help="mails of `latency`, one after the other")
options = arguments.parse_args()
sys.path.insert(0, options.bench)

import bench  # noqa: E402  (its folder is only known now)
import latency  # noqa: E402
import limits  # noqa: E402
import seed  # noqa: E402
from deskgate import Deskgate, DjangoHelpdesk  # noqa: E402
from gauges import Office, Sink, cpu, machine, memory  # noqa: E402
from ingest import database, ingest, running, wait_for  # noqa: E402
from tables import median_of, table  # noqa: E402

# Mails of `latency` that come after a silence, and its seconds.
SILENT, SILENCE = 6, 12


def main():
    os.makedirs(f"{bench.PE}/log", exist_ok=True)
    for group in ("peer", "pg", "post"):
        os.makedirs(bench.CG + group, exist_ok=True)
    bench.cpu = cpu
    with bench.lock():
        os.environ["NOLOCK"] = "1"  # bench.py would wait for the lock that we hold
        print(machine(), flush=True)
        desk = Deskgate()
        desk.make_template()
        for what in ALL if options.what == "all" else [options.what]:
            globals()[f"measure_{what}"](desk)


def load(count, start=0):
    """The mails of a load, which is made once."""
    folder = f"{bench.PE}/load/n{count}" + (f"-{start}" if start else "")  # limits.sh wants one named n1000
    if not os.path.isdir(folder):
        subprocess.run([sys.executable, f"{options.bench}/make_load.py", "new", "--n", str(count), "--start", str(start),
                        "--out", folder], check=True)
    return bench.files(folder, 0)


def measure_ingest(desk):
    """With a relay that costs next to nothing."""
    rows = [ingest(desk, Sink(), load(options.n)) for _ in range(options.reps)]
    table(f"{options.n} mails waiting, acknowledgements to smtp-sink", rows)


def measure_office(desk):
    """With the real post office, until every acknowledgement is in its customer's mailbox, beside what the
    post office takes when nobody else is at work."""
    rows = []
    for _ in range(options.reps):
        alone = limits.office_alone(options.n)
        row = ingest(desk, Office(), load(options.n))
        rows.append({**row, "office alone/s": alone, "share": round(row["mails/s"] / alone, 2)})
    table(f"{options.n} mails waiting, acknowledgements delivered by the post office", rows)


def measure_staff(desk):
    """As `ingest`, with one member of staff who gets a notice of every ticket: two mails out for each one in."""
    rows = [ingest(desk, Sink(), load(options.n), staff=True) for _ in range(options.reps)]
    table(f"{options.n} mails waiting, one member of staff is told of each, to smtp-sink", rows)


def measure_flat(desk):
    """As `ingest`, on an empty database and on a full one, in turns."""
    if not seed.is_there(desk, options.tickets):
        ingest(desk, Sink(), load(seed.MAILS, 500_000))
        seed.multiply(desk, options.tickets)
    rows = {"deskgate_tmpl": [], seed.TEMPLATE: []}
    for _ in range(options.reps):
        for desk.template, taken in rows.items():
            taken.append(ingest(desk, Sink(), load(options.n)))
    desk.template = Deskgate.template
    empty, full = rows.values()
    table(f"{options.n} mails waiting, empty database", empty)
    table(f"{options.n} mails waiting, {options.tickets} tickets already", full)
    for key in ("mails/s", "own CPU s/1000", "PostgreSQL CPU s/1000"):
        print(f"full / empty, medians, {key}: {median_of(full, key) / median_of(empty, key):.2f}")


def measure_latency(desk):
    """One mail delivered into the support mailbox -> its answer in the customer's: while mails come every second or so (the
    pauses of bench.py), and after a silence that is longer than the ten seconds in which Deskgate expects more."""
    mails = load(options.count + SILENT, 900_000)
    busy, announced = latency.measure(desk, mails[SILENT:], lambda number: 0.3 + number * 37 % 100 / 100)
    quiet, _ = latency.measure(desk, mails[:SILENT], lambda _: SILENCE)
    table("one mail after the other, from its delivery", [
        latency.row("a mail a second: answer in the customer's mailbox", busy),
        latency.row("the same: Dovecot tells of it to another client in IDLE", announced),
        latency.row(f"{SILENCE} s of silence before it: answer in the customer's mailbox", quiet[1:])])


def measure_kill(desk):
    """Killed (-9) at 25 % and at 60 %: what was lost, what was doubled."""
    desk.configure()
    rows, folder = [], os.path.dirname(load(options.n)[0])
    bench.out = rows.append
    bench.kill(desk, argparse.Namespace(load=folder, reps=options.reps, limit=options.n))
    table("killed twice midway", rows, "n killed_at tickets lost duplicate_tickets acks".split())


def measure_memory(desk, seconds=60):
    """At rest: an empty mailbox, watched with IDLE."""
    desk.configure().reset()
    bench.wipe()
    with running(desk, desk.idle) as process, database(desk) as connection:
        watched = "select count(*) from mailboxes where state = 'ok'"
        wait_for(lambda: desk.q(connection, watched)[0][0] == 1, lambda: 0, process)
        time.sleep(3)
        before, began = cpu(), time.time()
        time.sleep(seconds)
        after, span, got = cpu(), time.time() - began, memory(process.pid)
    share = {group: round(100 * (after[group] - before[group]) / span, 3) for group in before}
    table(f"at rest for {seconds} s", [{"RSS MB": round(got["rss"], 1), "PSS MB": round(got["pss"], 1), "own CPU % of a core": share["peer"],
                                       "PostgreSQL CPU %": share["pg"], "servers CPU %": share["post"]}])


def measure_limits(desk):
    """What the machine itself allows, and the share of each that is reached in the same run."""
    rate = statistics.median(ingest(desk, Sink(), load(options.n))["mails/s"] for _ in range(options.reps))
    rows = limits.all_of_them(options.bench, load(options.n))
    for row in rows:
        row["share reached"] = f"{100 * rate / row['per second']:.0f} %"
    table(f"limits of the machine, beside {rate:.0f} mails/s to smtp-sink", rows)


def measure_peer(desk):
    """In turns with the fastest of the other desks, with either relay; 200 mails are enough for it."""
    peer, mails = DjangoHelpdesk(), load(options.n)
    for relay in (Sink, Office):
        theirs, ours = [], []
        for _ in range(options.reps):
            theirs.append(ingest(peer, relay(), mails[:200]))
            ours.append(ingest(desk, relay(), mails))
        name = relay.__name__.lower()
        table(f"{peer.name}, 200 mails waiting, {name}", theirs)
        table(f"Deskgate, {options.n} mails waiting, {name}", ours)
        print(f"Deskgate / {peer.name}, medians, mails/s: {median_of(ours, 'mails/s') / median_of(theirs, 'mails/s'):.1f}")


if __name__ == "__main__":
    # Whatever was started goes with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
