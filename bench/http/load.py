#!/usr/bin/env python3
"""Load driver for the API: create tickets with durable commits, list them, show them.

Drives a running server on loopback with the token that the demo wrote, and prints one JSON object per
phase on stdout. Standard library only.

    load.py DIR [--base http://127.0.0.1:8080] create --count 20000 [--concurrency 8]
    load.py DIR list --count 2000
    load.py DIR show --count 2000
    load.py DIR fill --to 100000
    load.py DIR all            # create; list and show as found; fill to 100 000; list and show again

Each client is a process with one kept-alive connection, so the driver is not bound by one interpreter's
lock. Figures: operations per second over the wall time of the phase, latency quantiles seen by the
client, CPU milliseconds that the server spent per operation (/proc/PID/stat, user and system), and the
CPU the driver itself spent, since on a small machine the two compete.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import sys
import time
import urllib.parse
import uuid

TICK = os.sysconf("SC_CLK_TCK")
PAGE = 50
FILLED = 100_000
# A client that waits longer than this has found a fault, not a latency.
TIMEOUT_SECONDS = 60


class Api:
    """One kept-alive connection to the tickets of one customer."""

    def __init__(self, target):
        self.target = target
        self.path = f"/api/v1/customers/{target['customer']}/tickets"
        self.connection = None

    def call(self, method, path, body=None, headers=None):
        """Status, parsed answer (None when empty or not JSON) and seconds of one request."""
        headers = {"Authorization": f"Bearer {self.target['token']}", **(headers or {})}
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                self.target["host"], self.target["port"], timeout=TIMEOUT_SECONDS
            )
        started = time.perf_counter()
        try:
            self.connection.request(method, path, payload, headers)
            answer = self.connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise
        seconds = time.perf_counter() - started
        try:
            value = json.loads(data) if data else None
        except ValueError:
            value = None
        return answer.status, value, seconds

    def create(self, ticket):
        # A key per request: the server must do the whole work each time.
        return self.call("POST", self.path, ticket, {"Idempotency-Key": str(uuid.uuid4())})

    def list(self, after=None):
        query = {"limit": PAGE} if after is None else {"limit": PAGE, "after": after}
        return self.call("GET", f"{self.path}?{urllib.parse.urlencode(query)}")

    def show(self, number):
        return self.call("GET", f"{self.path}/{number}")


def ticket(rng, template):
    """A plausible ticket; `template` gives the fields that the contract at hand asks for."""
    what = rng.choice(["Imprimante", "Messagerie", "Poste lent", "Partage de fichiers", "Téléphone", "Accès"])
    body = {
        "title": f"{what} – {rng.randrange(10**6)}",
        "description": "Depuis ce matin, sur un seul poste.",
        "kind": "incident",
        "priority": rng.choice(["P2", "P3", "P4"]),
    }
    return {**body, **template}


def worker(index, target, job, count, ready, start, results):
    """One client: waits for the others, then does its share of the phase."""
    rng, api = random.Random(index), Api(target)
    seconds, faults, sample = [], 0, None
    cursor = None
    # Opens the connection and the server's statement cache before anything is counted.
    api.list()
    ready.put(index)
    start.wait()
    own = os.times()
    for _ in range(count):
        try:
            if job == "create":
                status, value, took = api.create(ticket(rng, target["template"]))
            elif job == "show":
                status, value, took = api.show(rng.randint(target["first"], target["last"]))
            else:
                # Pages are followed to their end, then again from the first.
                status, value, took = api.list(cursor)
                cursor = next_cursor(value)
        except (OSError, http.client.HTTPException) as error:
            faults, sample = faults + 1, repr(error)
            continue
        if 200 <= status < 300:
            seconds.append(took)
        else:
            faults, sample = faults + 1, f"{status} {value}"
    spent = os.times()
    results.put((seconds, faults, sample, spent.user + spent.system - own.user - own.system))


def next_cursor(page):
    """What `after` must be for the page that follows; None at the end."""
    if not isinstance(page, dict):
        return None
    for name in ("next", "next_after", "after"):
        if page.get(name) is not None:
            return page[name]
    return None


def phase(target, job, count, concurrency):
    """Runs one phase and prints its figures. Returns the number of faults."""
    ready, results = multiprocessing.Queue(), multiprocessing.Queue()
    start = multiprocessing.Event()
    shares = [count // concurrency + (i < count % concurrency) for i in range(concurrency)]
    clients = [
        multiprocessing.Process(target=worker, args=(i, target, job, share, ready, start, results))
        for i, share in enumerate(shares)
    ]
    for client in clients:
        client.start()
    for _ in clients:
        ready.get(timeout=TIMEOUT_SECONDS)
    cpu, began = server_cpu(target["pid"]), time.perf_counter()
    start.set()
    parts = [results.get() for _ in clients]
    wall, cpu = time.perf_counter() - began, server_cpu(target["pid"]) - cpu
    for client in clients:
        client.join()

    seconds = sorted(s for part in parts for s in part[0])
    faults = sum(part[1] for part in parts)
    done = len(seconds)
    figures = {
        "phase": job,
        "tickets": target.get("last"),
        "done": done,
        "faults": faults,
        "concurrency": concurrency,
        "per_second": round(done / wall, 1),
        "p50_ms": quantile(seconds, 0.50),
        "p99_ms": quantile(seconds, 0.99),
        "max_ms": quantile(seconds, 1.0),
        "server_cpu_ms_each": round(cpu * 1000 / done, 3) if done else None,
        "server_pss_mib": server_pss_mib(target["pid"]),
        "driver_cpu_ms_each": round(sum(part[3] for part in parts) * 1000 / done, 3) if done else None,
        "load_1min": os.getloadavg()[0],
    }
    sample = next((part[2] for part in parts if part[2]), None)
    if sample:
        figures["fault_sample"] = sample[:300]
    print(json.dumps(figures, ensure_ascii=False), flush=True)
    return faults


def quantile(ordered, part):
    """Milliseconds; nearest rank."""
    if not ordered:
        return None
    rank = min(len(ordered) - 1, max(0, round(part * len(ordered) + 0.5) - 1))
    return round(ordered[rank] * 1000, 3)


def server_cpu(pid):
    """Seconds of CPU, user and system, that the server has used."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        # The command's name may hold spaces and parentheses; the fields follow its last one.
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def server_pss_mib(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as rollup:
            for line in rollup:
                if line.startswith("Pss:"):
                    return round(int(line.split()[1]) / 1024, 1)
    except OSError:
        pass
    return None


def listener(port):
    """The process that listens on `port`, found through /proc; needs the same user or root."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="utf-8") as lines:
            for line in list(lines)[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                if os.readlink(f"/proc/{pid}/fd/{descriptor}") in inodes:
                    return int(pid)
        except OSError:
            continue
    return None


def last_number(api, target):
    """The highest ticket number, by creating one: the list's order is not our business."""
    status, value, _ = api.create(ticket(random.Random(0), target["template"]))
    if not 200 <= status < 300:
        sys.exit(f"the server refused a ticket: {status} {json.dumps(value, ensure_ascii=False)}")
    number = value.get("number", value.get("n")) if isinstance(value, dict) else None
    if not isinstance(number, int):
        sys.exit(f"the answer to a creation has no ticket number: {value}")
    return number


def target_of(arguments):
    """Where to send, to which customer, as whom, read from DIR/demo.json."""
    with open(os.path.join(arguments.data, "demo.json"), encoding="utf-8") as file:
        demo = json.load(file)
    customer = demo["customers"][0]
    names = {customer["id"], customer["slug"], None}
    tokens = [t for t in demo["tokens"] if t.get("customer") in names]
    if arguments.role:
        tokens = [t for t in tokens if t["role"] == arguments.role]
    if not tokens:
        sys.exit("demo.json holds no token for the first customer")
    base = arguments.base or demo["listen"]
    parsed = urllib.parse.urlsplit(base if "//" in base else f"http://{base}")
    if parsed.hostname not in ("localhost", "::1") and not (parsed.hostname or "").startswith("127."):
        sys.exit("this driver loads a server on loopback only")
    port = parsed.port or 80
    pid = arguments.pid or listener(port)
    if pid is None:
        sys.exit(f"no process of ours listens on port {port}; give --pid")
    return {
        "host": "127.0.0.1" if parsed.hostname == "localhost" else parsed.hostname,
        "port": port,
        "pid": pid,
        "customer": customer["slug"],
        "token": tokens[0]["token"],
        "template": json.loads(arguments.ticket),
        "first": 1,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("data", help="the data folder, which holds demo.json")
    parser.add_argument("--base", help="address of the server; default: the one in demo.json")
    parser.add_argument("--pid", type=int, help="the server's process; default: who listens on the port")
    parser.add_argument("--role", help="use the token of this role; default: the first one that fits")
    parser.add_argument("--ticket", default="{}", help="JSON fields added to each created ticket")
    jobs = parser.add_subparsers(dest="job", required=True)
    for name, count in (("create", 20_000), ("list", 2_000), ("show", 2_000), ("all", 20_000)):
        job = jobs.add_parser(name)
        job.add_argument("--count", type=int, default=count)
        job.add_argument("--concurrency", type=int, default=8)
    job = jobs.add_parser("fill")
    job.add_argument("--to", type=int, default=FILLED)
    job.add_argument("--concurrency", type=int, default=8)
    arguments = parser.parse_args()
    if not 1 <= arguments.concurrency <= 64:
        parser.error("concurrency goes from 1 to 64")

    target = target_of(arguments)
    target["last"] = last_number(Api(target), target)

    def run(job, count):
        faults = phase(target, job, count, arguments.concurrency)
        if job == "create":
            target["last"] += count - faults
        return faults

    def fill(to):
        missing = to - target["last"]
        return run("create", missing) if missing > 0 else 0

    if arguments.job == "fill":
        faults = fill(arguments.to)
    elif arguments.job == "all":
        reads = min(arguments.count, 2_000)
        faults = run("list", reads) + run("show", reads) + run("create", arguments.count)
        faults += fill(FILLED) + run("list", reads) + run("show", reads)
    else:
        faults = run(arguments.job, arguments.count)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
