"""Starts the program on the filled database, signs in, and measures its pages over HTTP on one connection that is kept."""
import argparse
import gzip
import http.client
import re
import statistics
import subprocess
import sys
import time
import urllib.parse

WEB = ("127.0.0.1", 18084)
AGENT, PASSWORD = "agent1@desk.test", "correct horse battery staple"
# Pages that show one list deep inside.
DEEP = 40

COMMON = ["error", "page", "the", "nothing", "order", "should", "button", "fehler", "message", "file"]
RARE = [f"INV-{number}" for number in range(100_003, 1_900_000, 18_013)] + [f"E{number}" for number in range(1000, 5000, 97)]
PHRASES = ["nothing happens", "error message", "in file", "it should", "failed with", "the page"]
FILTERED = ["error status:open", "sev:1 page", "from:agent page", "customer:mail.example order", "file assignee:me", "after:30d error",
            "status:new sev:2 nothing", "has:attachment page"]
BEGUN = ["mess", "butt", "not", "fai", "inv", "pri", "exp", "upd"]
MISSES = ["xyzzyplugh", "quuxfrob", "zzyzx", "nonesuchword"]


class Desk:
    """A browser that keeps its connection and its session."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(*WEB)
        self.cookies = {}

    def ask(self, method, path, form=None):
        """Status, body as it came, seconds."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Encoding": "gzip"}
        body = urllib.parse.urlencode(form) if form else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        took = time.perf_counter() - begun
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        zipped = answer.headers.get("Content-Encoding") == "gzip"
        return answer.status, answer.headers.get("Location"), data, gzip.decompress(data) if zipped else data, took

    def sign_in(self):
        page = self.ask("GET", "/sign-in")[3].decode()
        token = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        status, *_ = self.ask("POST", "/sign-in", {"csrf": token, "address": AGENT, "password": PASSWORD, "next": "/inbox"})
        assert status == 303, status


def wait_for_port():
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection(*WEB)
            connection.request("GET", "/healthz")
            return connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
    sys.exit("the program did not answer within a minute")


def deep(desk, path):
    """The address of a page deep in a list."""
    for _ in range(DEEP):
        page = desk.ask("GET", path)[3].decode()
        found = re.search(r'<a[^>]*href="([^"]*)"[^>]*rel="next"|<a[^>]*rel="next"[^>]*href="([^"]*)"', page)
        if not found:
            break
        path = (found[1] or found[2]).replace("&amp;", "&").replace("&#x3D;", "=")
    return path


def sets(desk):
    """What is measured: a name, and addresses that are asked for in turn."""
    def search(words):
        return ["/search?" + urllib.parse.urlencode({"q": word}) for word in words]
    for view in ("mine", "unassigned", "incomplete", "waiting", "breaching", "sev1", "open", "closed"):
        yield f"inbox {view}", [f"/inbox?view={view}"]
    for view in ("open", "closed"):
        yield f"inbox {view}, page {DEEP}", [deep(desk, f"/inbox?view={view}")]
    yield "views, counted", ["/inbox/views"]
    yield "ticket, small", [f"/ticket/{id}" for id in range(12_345, 199_000, 1_873) if id % 50 != 3 and id % 1000 != 7]
    yield "ticket, 30 messages", [f"/ticket/{id}" for id in range(1_003, 199_000, 4_050)]
    yield "ticket, 300 messages", [f"/ticket/{id}" for id in range(1_007, 199_000, 11_000)]
    yield "search, common word", search(COMMON)
    yield "search, rare word", search(RARE)
    yield "search, phrase", search(f'"{phrase}"' for phrase in PHRASES)
    yield "search, operators", search(FILTERED)
    yield "search, word begun", search(BEGUN)
    yield "search, no hit", search(MISSES)


def measure(desk, name, addresses, requests):
    for address in addresses[:20]:
        desk.ask("GET", address)
    times, wire, plain, statuses = [], [], [], set()
    for number in range(requests):
        status, _, zipped, whole, took = desk.ask("GET", addresses[number % len(addresses)])
        statuses.add(status)
        times.append(took * 1000)
        wire.append(len(zipped))
        plain.append(len(whole))
    times.sort()
    slow = times[min(len(times) - 1, int(0.99 * len(times)))]
    print(f"| {name:24} | {requests} | {statistics.median(times):7.1f} | {slow:7.1f} | {statistics.median(wire) / 1000:6.1f} "
          f"| {statistics.median(plain) / 1000:6.1f} | {','.join(map(str, sorted(statuses)))} |", flush=True)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--only", default="", help="names that begin so")
    arguments = parser.parse_args()
    program = subprocess.Popen([arguments.binary, "--config", arguments.config, "run", "--role", "web"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port()
        desk = Desk()
        desk.sign_in()
        print("| page                     | requests | median ms | p99 ms | kB gzip | kB plain | status |")
        for name, addresses in sets(desk):
            if name.startswith(arguments.only):
                measure(desk, name, addresses, arguments.requests)
    finally:
        program.terminate()
        program.wait()


main()
