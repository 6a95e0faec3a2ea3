"""Checks peer.py against a small hub in this process: python3 -m unittest discover -s docs/examples"""
import http.server, json, os, sys, tempfile, threading, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peer as example

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TEA = "product/longjing"

class FakeHub(http.server.ThreadingHTTPServer):
    """Holds units as {value, clock}; a hub's write wins, and an own one that had seen it replaces it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.generation, self.feed, self.units, self.answers = "g1", [], {}, {}
        self.lose, self.refuse, self.batches = 0, set(), []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def write(self, key, value):
        clock = dict(self.units.get(key, {}).get("clock", {}))
        clock["hub:main:" + self.generation] = clock.get("hub:main:" + self.generation, 0) + 1
        self.put(key, value, clock)

    def put(self, key, value, clock):
        self.units[key] = {"value": value, "clock": clock}
        self.feed = [other for other in self.feed if other != key] + [key]

    def delta(self, key):
        entity, unit = key.split(" ")
        kind, name = entity.split("/")
        held = self.units[key]
        delta = {"seq": 1, "entity": {"kind": kind, "id": name}, "unit": unit, "clock": held["clock"], "op_id": "x"}
        return {**delta, "op": "delete"} if held["value"] is None else {**delta, "op": "set", "value": held["value"]}

    def take(self, message, body):
        if message in self.answers:
            return self.answers[message] if self.answers[message]["body"] == body else None
        answer = {"results": [], "rejected": []}
        for index, delta in enumerate(json.loads(body)["deltas"]):
            key, dot = f'{delta["entity"]} {delta["unit"]}', delta["dot"]
            assert dot["n"] == delta["clock"].get(dot["actor"], 0) + 1, "a dot follows its clock"
            if delta["unit"] in self.refuse:
                answer["rejected"].append({"index": index, "field": "value", "reason": "is not liked here"})
                continue
            held = self.units.get(key, {"value": None, "clock": {}})
            joined = {name: max(held["clock"].get(name, 0), delta["clock"].get(name, 0), dot["n"] * (name == dot["actor"]))
                      for name in {*held["clock"], *delta["clock"], dot["actor"]}}
            result = {"index": index, "outcome": "applied", "clock": joined}
            value = delta.get("value")
            if held["clock"].get(dot["actor"], 0) >= dot["n"]:
                result["outcome"] = "known"
            elif example.covers(delta["clock"], held["clock"]):
                self.put(key, value, joined)
            else:
                result.update(outcome="proposal", value=held["value"])
                self.put(key, held["value"], joined)
            answer["results"].append(result)
        self.answers[message] = {"body": body, "json": answer}
        return self.answers[message]

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        hub, (path, _, query) = self.server, self.path.partition("?")
        query = dict(pair.split("=") for pair in query.split("&") if pair)
        if not self.signed(f"GET {self.path}".encode()):
            return self.send(401, {})
        if path.endswith("/snapshot"):
            keys = sorted(key for key, held in hub.units.items() if held["value"] is not None)
            start = int(query.get("after", 0))
            return self.send(200, {"generation": hub.generation, "cursor": f"{hub.generation}.{len(hub.feed)}",
                                   "next": str(start + 1) if start + 1 < len(keys) else None,
                                   "deltas": [hub.delta(key) for key in keys[start:start + 1]]})
        generation, _, position = query["since"].partition(".")
        if generation != hub.generation:
            return self.send(410, {"type": "/problems/generation"})
        # A unit moves to the end when it changes, so this hub simply shows all there is.
        deltas = [hub.delta(key) for key in hub.feed]
        self.send(200, {"generation": generation, "next": f"{generation}.{len(hub.feed)}", "deltas": deltas, "complete": True})

    def do_POST(self):
        hub, body = self.server, self.rfile.read(int(self.headers["Content-Length"]))
        if not self.signed(body):
            return self.send(401, {})
        hub.batches.append((self.headers["webhook-id"], body))
        answer = hub.take(self.headers["webhook-id"], body)
        if hub.lose:
            hub.lose -= 1
            return self.connection.close()
        self.send(200, answer["json"]) if answer else self.send(409, {})

    def signed(self, payload):
        headers = self.headers
        return headers["webhook-signature"] == example.sign(SECRET, headers["webhook-id"], headers["webhook-timestamp"], payload)

    def send(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

class PeerTests(unittest.TestCase):
    def setUp(self):
        self.hub = FakeHub()
        self.addCleanup(self.hub.server_close)
        self.addCleanup(self.hub.shutdown)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.peer = example.Peer(folder.name + "/peer.json", "py")
        self.hub.write(TEA + " tags", ["daily"])
        self.hub.write(TEA + " text.en", {"title": "Longjing"})

    def sync(self):
        return example.sync(self.peer, example.Hub(self.hub.url, "py", SECRET + "\n", patience=10))

    def edit(self, unit, value):
        with self.peer.open():
            self.peer.edit(f"{TEA} {unit}", value)

    def held(self, unit):
        with self.peer.open() as state:
            return state["units"].get(f"{TEA} {unit}", example.NOTHING)

    def assertInStep(self):
        with self.peer.open() as state:
            self.assertEqual({key: unit["value"] for key, unit in state["units"].items() if unit["value"] is not None},
                             {key: unit["value"] for key, unit in self.hub.units.items() if unit["value"] is not None})
            self.assertEqual((state["edits"], state["batch"]), ({}, None))

    def test_signatures_are_those_of_the_document(self):
        def sign(payload):
            return example.sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, payload)
        self.assertEqual(sign(b'{"test": 2432232314}'), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        self.assertEqual(sign(b"GET /v1/channels/py/deltas?since=k3f9.48213&limit=100"),
                         "v1,eVJr8K3VTSZpFhChLcE8gm83YTFJijPcaOYf+URZNXo=")

    def test_the_canonical_form_keeps_letters_and_sorts_members(self):
        self.assertEqual(example.canonical({"乙": 1, "b": "龙井\n\x01", "a": [True, None]}),
                         '{"a":[true,null],"b":"龙井\\n\\u0001","乙":1}')

    def test_the_three_cases_on_receipt(self):
        key = TEA + " tags"
        with self.peer.open() as state:
            self.peer.receive(key, ["one"], {"hub": 1})
            self.peer.receive(key, ["two"], {"hub": 2})
            self.assertEqual(state["units"][key]["value"], ["two"])     # covers: stored
            self.peer.receive(key, ["one"], {"hub": 1})
            self.assertEqual(state["units"][key]["value"], ["two"])     # covered: ignored
            self.peer.edit(key, ["mine"])
            self.peer.receive(key, ["three"], {"hub": 3})
            self.assertEqual(state["units"][key]["value"], ["mine"])    # concurrent: kept
            self.peer.receive(key, ["merged"], {"hub": 3, state["actor"]: 1})
            self.assertEqual(state["units"][key], {"value": ["merged"], "clock": {"hub": 3, state["actor"]: 1}})

    def test_a_new_peer_takes_a_snapshot_and_goes_on(self):
        self.assertEqual(self.sync(), 0)
        self.assertInStep()
        self.hub.write(TEA + " tags", ["gift"])
        self.hub.write(TEA + " text.en", None)
        self.sync()
        self.assertInStep()

    def test_edits_arrive_and_unsent_ones_are_one_write(self):
        self.sync()
        self.edit("tags", ["a"])
        self.edit("tags", ["a", "b"])
        self.edit("text.en", None)
        self.assertEqual(self.sync(), 0)
        self.assertEqual(self.hub.units[TEA + " tags"]["value"], ["a", "b"])
        self.assertIsNone(self.hub.units[TEA + " text.en"]["value"])
        self.assertEqual(len(self.hub.batches), 1)
        self.assertInStep()

    def test_a_concurrent_edit_ends_as_the_hub_says(self):
        self.sync()
        self.hub.write(TEA + " tags", ["theirs"])
        self.edit("tags", ["mine"])
        self.sync()
        self.assertEqual(self.held("tags")["value"], ["theirs"])
        self.assertInStep()

    def test_a_lost_answer_is_asked_for_with_the_same_bytes(self):
        self.sync()
        self.hub.lose = 2
        self.edit("tags", ["once"])
        self.assertEqual(self.sync(), 0)
        self.assertEqual(len(self.hub.batches), 3)
        self.assertEqual(len(set(self.hub.batches)), 1)
        self.assertInStep()

    def test_an_edit_made_while_an_answer_is_missing_follows_it(self):
        self.sync()
        self.edit("tags", ["first"])
        with self.peer.open():
            batch = self.peer.freeze()
        self.hub.take(batch["id"], batch["body"].encode())              # it arrived; the answer did not
        self.edit("tags", ["second"])
        self.sync()
        self.assertEqual(self.hub.units[TEA + " tags"]["value"], ["second"])
        self.assertInStep()

    def test_a_rejected_edit_is_taken_back_and_told(self):
        self.sync()
        self.hub.refuse = {"tags"}
        self.edit("tags", ["bad"])
        self.edit("text.en", {"title": "Dragon Well"})
        self.assertEqual(self.sync(), 1)
        self.assertEqual(self.held("tags")["value"], ["daily"])
        self.assertEqual(self.held("text.en")["value"], {"title": "Dragon Well"})
        self.assertInStep()
        self.hub.refuse = set()
        self.edit("tags", ["good"])                                     # with the dot that was refused
        self.assertEqual(self.sync(), 0)
        self.assertInStep()

    def test_a_restored_hub_is_followed_and_gets_our_lost_write_again(self):
        self.sync()
        backup = {key: dict(unit) for key, unit in self.hub.units.items()}
        self.edit("tags", ["ours"])
        self.hub.write(TEA + " text.en", {"title": "lost with the disk"})
        self.hub.write(TEA + " media", [])
        self.sync()
        self.hub.units, self.hub.generation, self.hub.feed = backup, "g2", list(backup)
        self.assertEqual(self.sync(), 0)
        self.assertEqual(self.held("tags")["value"], ["ours"])
        self.assertEqual(self.held("text.en")["value"], {"title": "Longjing"})
        self.assertIsNone(self.held("media")["value"])
        self.assertInStep()

if __name__ == "__main__":
    unittest.main()
