#!/usr/bin/env python3
"""A visiting peer of a Heyi hub, after docs/protocol.md. Standard library only, Python 3.9 or later.

    peer.py --hub http://127.0.0.1:8470 --channel py --secret-file F --state peer.json sync [--follow]
    peer.py --state peer.json edit product/longjing-mingqian tags '["gift"]'    (--delete in place of the value)
    peer.py --state peer.json show product/longjing-mingqian | digest
"""
import argparse, base64, contextlib, fcntl, hashlib, hmac, json, os, pathlib, secrets, sys, time
import urllib.error, urllib.parse, urllib.request

NOTHING = {"value": None, "clock": {}}  # no value: never there, or deleted

def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
def sign(secret, message, seconds, payload):
    text = secret.strip()
    key = base64.b64decode((text[6:] if text.startswith("whsec_") else text) + "===")
    code = hmac.new(key, f"{message}.{seconds}.".encode() + payload, hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()
def covers(a, b):
    return all(a.get(actor, 0) >= count for actor, count in b.items())

class Gone(Exception): """The cursor is of another generation, or none of this hub."""

class Hub:
    def __init__(self, url, channel, secret, patience=60):
        parts = urllib.parse.urlsplit(url.rstrip("/"))
        self.root, self.base = f"{parts.scheme}://{parts.netloc}", f"{parts.path}/v1/channels/{channel}/"
        self.secret, self.patience = secret, patience
    def get(self, path, **query):
        query = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        return self.ask(path + ("?" + query if query else ""), None, "msg_" + secrets.token_hex(16))
    def ask(self, path, body, message):
        """Sends the same message again until there is an answer: when none came, or the hub says later."""
        target, wait, until = self.base + path, 0.5, time.monotonic() + self.patience
        payload = f"GET {target}".encode() if body is None else body
        while True:
            now = int(time.time())
            headers = {"webhook-id": message, "webhook-timestamp": str(now), "Content-Type": "application/json",
                       "webhook-signature": sign(self.secret, message, now, payload)}
            try:
                with urllib.request.urlopen(urllib.request.Request(self.root + target, body, headers), timeout=90) as answer:
                    return json.loads(answer.read())
            except urllib.error.HTTPError as error:
                text = error.read().decode("utf-8", "replace")
                if error.code == 410 or error.code == 422 and '"field":"since"' in text:
                    raise Gone() from None
                if error.code not in (408, 429) and error.code < 500:
                    sys.exit(f"the hub refuses {target}: {error.code} {text}")
                pause, reason = float(error.headers.get("Retry-After") or wait), f"status {error.code}"
            except (OSError, ValueError) as error:           # it may have been applied: the same message again
                pause, reason = wait, error
            if time.monotonic() + pause > until:
                sys.exit(f"no answer from the hub: {reason}. Nothing is lost; run sync again")
            time.sleep(pause)
            wait *= 2

class Peer:
    """Holds units by "kind/id unit" as {value, clock, under?}, `under` being what to return to if the hub refuses an
    own write that stands above it; the edits not sent yet; and the batch that has no answer yet."""
    def __init__(self, path, channel):
        self.path, self.channel = path, channel
    @contextlib.contextmanager
    def open(self):
        """One change of the state file: whole or not at all, one process at a time."""
        with open(self.path + ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.state = {"actor": f"ch:{self.channel}:{secrets.token_hex(6)}", "cursor": None, "snapshot": None,
                          "units": {}, "edits": {}, "batch": None}
            if os.path.exists(self.path):
                self.state = json.loads(pathlib.Path(self.path).read_text(encoding="utf-8"))
            yield self.state
            with open(self.path + ".new", "w", encoding="utf-8") as file:
                json.dump(self.state, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(self.path + ".new", self.path)
    def receive(self, key, value, clock):
        unit, news = self.state["units"].get(key, NOTHING), {"value": value, "clock": clock}
        if covers(clock, unit["clock"]):
            self.state["units"][key] = news                  # case 1
        elif not covers(unit["clock"], clock) and covers(clock, unit.get("under", NOTHING)["clock"]):
            unit["under"] = news                             # case 3; case 2 is to do nothing
    def take(self, deltas):
        for delta in deltas:
            key = f'{delta["entity"]["kind"]}/{delta["entity"]["id"]} {delta["unit"]}'
            self.receive(key, delta.get("value"), delta["clock"])
    def edit(self, key, value):
        actor, unit = self.state["actor"], self.state["units"].get(key, NOTHING)
        if key not in self.state["edits"]:                   # one that was never sent is folded into this one
            n = unit["clock"].get(actor, 0) + 1
            self.state["edits"][key] = {"key": key, "clock": unit["clock"], "dot": {"actor": actor, "n": n}}
            unit = {"clock": {**unit["clock"], actor: n}, "under": unit.get("under", unit)}
        self.state["edits"][key].update(value=value, stamp=int(time.time() * 1000))
        self.state["units"][key] = {**unit, "value": value}
    def freeze(self):
        """Moves edits into a batch, written down before it is sent; at most one edit of a unit is in it."""
        state, deltas = self.state, []
        if state["batch"] is None and state["edits"]:
            edits = [state["edits"].pop(key) for key in list(state["edits"])[:200]]
            for edit in edits:
                delta = {name: edit[name] for name in ("clock", "dot", "stamp")}
                delta["entity"], delta["unit"] = edit["key"].split(" ")
                deltas.append({**delta, "op": "delete"} if edit["value"] is None else
                              {**delta, "op": "set", "value": edit["value"]})
            state["batch"] = {"id": "msg_" + secrets.token_hex(16), "edits": edits, "body": canonical({"deltas": deltas})}
        return state["batch"]
    def settle(self, answer):
        """Takes the answer to the batch in, takes refused writes back, and returns what is to be said of them."""
        edits, self.state["batch"], units = self.state["batch"]["edits"], None, self.state["units"]
        for result in answer["results"]:
            edit = edits[result["index"]]
            if result["outcome"] != "known":                 # its clock may be that of a value which is not here
                self.receive(edit["key"], result.get("value", edit["value"]), result["clock"])
        for key in (edits[refused["index"]]["key"] for refused in answer["rejected"]):
            later, units[key] = self.state["edits"].pop(key, None), units[key].get("under", NOTHING)
            if later:                                        # written meanwhile; gets the dot of the one refused
                self.edit(key, later["value"])
        return [f'{edits[r["index"]]["key"]}: {r["field"]}: {r["reason"]}' for r in answer["rejected"]]
    def resync(self, deltas):
        """Puts a whole snapshot in place of what is held, own writes the hub does not know excepted."""
        state, actor = self.state, self.state["actor"]
        old, state["units"] = state["units"], {}
        self.take(deltas)
        for key, unit in old.items():
            news, n = state["units"].get(key, NOTHING), unit["clock"].get(actor, 0)
            if n > news["clock"].get(actor, 0) and (key in state["edits"] or unit["value"] != news["value"]):
                state["units"][key] = {**unit, "under": news}
                before = {name: count for name, count in {**unit["clock"], actor: n - 1}.items() if count}
                state["edits"].setdefault(key, {"key": key, "value": unit["value"], "clock": before,
                                                "dot": {"actor": actor, "n": n}, "stamp": int(time.time() * 1000)})
    def push(self, hub):
        """Sends edits until none is left; returns what there is to say of those refused."""
        refused = []
        while True:
            with self.open():
                batch = self.freeze()
            if batch is None:
                return refused
            answer = hub.ask("deltas", batch["body"].encode(), batch["id"])
            with self.open():
                refused += self.settle(answer)
    def pull(self, hub, wait):
        """Takes one page in; returns whether nothing more waits. Cursor and page are stored together."""
        with self.open() as state:
            cursor, pages = state["cursor"], state["snapshot"] or {"next": None, "deltas": []}
        if cursor is not None:
            page = hub.get("deltas", since=cursor, limit=500, wait=wait)
            with self.open() as state:
                self.take(page["deltas"])
                state["cursor"] = page["next"]
                return page["complete"] and not state["edits"]
        page = hub.get("snapshot", after=pages["next"], limit=500)
        with self.open() as state:
            state["snapshot"] = {"next": page["next"], "deltas": pages["deltas"] + page["deltas"]}
            if page["next"] is None:
                self.resync(state["snapshot"]["deltas"])
                state.update(cursor=page["cursor"], snapshot=None)

def sync(peer, hub, follow=False):
    wait, refused, done = min(hub.get("capabilities")["wait_max"], 10) if follow else None, False, False
    while follow or not done:
        for line in peer.push(hub):                          # ours first, so that little of the hub's is concurrent
            refused = True
            print("rejected", line, file=sys.stderr, flush=True)
        try:
            done = peer.pull(hub, wait)
        except Gone:
            with peer.open() as state:
                state.update(cursor=None, snapshot=None)
    return 1 if refused else 0

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("hub", "http://127.0.0.1:8470"), ("channel", "py"), ("secret-file", None), ("state", "peer.json")):
        parser.add_argument("--" + name, default=value)
    parser.add_argument("command", choices=["sync", "edit", "show", "digest"])
    parser.add_argument("words", nargs="*", metavar="kind/id unit JSON")
    parser.add_argument("--follow", action="store_true", help="sync: go on for ever")
    parser.add_argument("--delete", action="store_true", help="edit: take the unit away")
    given = parser.parse_args()
    if len(given.words) != {"edit": 2 if given.delete else 3, "show": 1}.get(given.command, 0):
        parser.error("usage: sync [--follow] | edit kind/id unit JSON|--delete | show kind/id | digest")
    peer = Peer(given.state, given.channel)
    if given.command == "sync":
        with open(given.secret_file or parser.error("sync needs --secret-file"), encoding="ascii") as file:
            return sync(peer, Hub(given.hub, given.channel, file.read()), given.follow)
    with peer.open() as state:
        if given.command == "edit":
            return peer.edit(" ".join(given.words[:2]), None if given.delete else json.loads(given.words[2]))
        held = {key: unit["value"] for key, unit in state["units"].items() if unit["value"] is not None}
        lines = sorted(f"{key} {canonical(value)}\n".encode() for key, value in held.items()
                       if held.get(f"{key.split()[0]} life") != {"state": "deleted"})
        if given.command == "digest":
            return print(hashlib.sha256(b"".join(lines)).hexdigest())
        print("".join(line.decode() for line in lines if line.startswith(f"{given.words[0]} ".encode())), end="")

if __name__ == "__main__":
    sys.exit(main())
