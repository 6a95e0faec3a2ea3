"""Checks shopper.py against a small hub in this process: python3 -m unittest discover -s docs/examples"""
import http.server, json, os, sys, threading, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shopper as example

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, SECONDS = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330


class FakeHub(http.server.ThreadingHTTPServer):
    """Answers what it is told to answer, and remembers what it was asked."""

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = list(answers), []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = {name: self.headers[name] for name in example.SIGNED if self.headers[name]}
        wanted = example.signature(
            SECRET, self.command, self.path, self.headers["webhook-id"], self.headers["webhook-timestamp"], said, body)
        self.server.asked.append((self.command, self.path, said, body, wanted == self.headers["webhook-signature"]))
        status, value = self.server.answers.pop(0)
        if status is None:
            return self.connection.close()
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = answer

    def log_message(self, *_):
        pass


class ShopperTest(unittest.TestCase):
    def hub(self, *answers):
        hub = FakeHub(answers)
        self.addCleanup(hub.server_close)
        self.addCleanup(hub.shutdown)
        return hub

    def test_the_documented_vectors_come_out(self):
        body = b'{"lines":[{"sku":"cup-plum","add":2}]}'
        headers = {"Heyi-Channel": "web", "Heyi-Member": "m-1", "Idempotency-Key": "k-1", "If-Match": '"3"'}
        self.assertEqual(
            example.signature(SECRET, "PATCH", "/v1/shop/cart", MESSAGE, SECONDS, headers, body),
            "v2,BCVA7srZmmj7VmeV4cLyIAQBowAPiopMjPs+Ef8IaEc=")
        self.assertEqual(
            example.signature(SECRET, "GET", "/v1/shop/products?limit=2", MESSAGE, SECONDS, {"Heyi-Channel": "web"}, b""),
            "v2,xubn6lgdj8sOqxwpn5z8PMciHdy+/lzv6h9aaoD0P4o=")

    def test_a_request_without_an_answer_is_repeated_under_its_key(self):
        hub = self.hub((None, None), (409, {"code": "in_flight"}), (503, {}), (200, {"version": 2}))
        shop = example.Shop(hub.url, "web", SECRET, "m-1")
        self.assertEqual(shop.edit([{"sku": "cup-plum", "add": 1}]).json, {"version": 2})
        keys = {said["Idempotency-Key"] for _, _, said, _, _ in hub.asked}
        self.assertEqual((len(hub.asked), len(keys)), (4, 1))
        self.assertTrue(all(signed for *_, signed in hub.asked))

    def test_a_refusal_is_not_repeated(self):
        hub = self.hub((412, {"code": "stale_cart"}))
        shop = example.Shop(hub.url, "web", SECRET, "m-1")
        self.assertEqual(shop.edit([{"sku": "cup-plum", "set": 1}], seen='"1"').status, 412)
        self.assertEqual(hub.asked[0][2]["If-Match"], '"1"')

    def test_buying_quotes_first_and_goes_on_with_what_was_quoted_alone(self):
        hub = self.hub((201, {"id": "q1", "total": 5}), (201, {"number": "20261123-a"}), (422, {"field": "lines[0].sku"}))
        shop = example.Shop(hub.url, "web", SECRET, "m-1")
        buyer = {"name": "李雷", "phone": "13800001234", "address": "1 Road"}
        self.assertEqual(shop.buy(buyer, [{"sku": "cup-plum", "quantity": 1}]).json["number"], "20261123-a")
        self.assertEqual(json.loads(hub.asked[1][3]), {"quote": "q1", "buyer": buyer})
        self.assertEqual(shop.buy(buyer, [{"sku": "none", "quantity": 1}]).status, 422)
        self.assertEqual(len(hub.asked), 3)

    def test_all_pages_are_read(self):
        pages = [{"data": [{"id": "a"}], "next": "7"}, {"data": [], "next": "9"}, {"data": [{"id": "b"}], "next": None}]
        hub = self.hub(*((200, page) for page in pages))
        found = [product["id"] for product in example.Shop(hub.url, "web", SECRET).products(q="礼物 tea")]
        self.assertEqual(found, ["a", "b"])
        self.assertEqual([asked[1].partition("after=")[2] for asked in hub.asked], ["", "7", "9"])


if __name__ == "__main__":
    unittest.main()
