#!/usr/bin/env python3
"""Shops at a Heyi hub as the backend of a channel does; needs only the standard library.

  shopper.py --hub http://127.0.0.1:8470 --channel app --secret-file app.secret get '/v1/shop/products?limit=5'
  shopper.py … --member m-1 patch /v1/shop/cart '{"lines":[{"sku":"cup-plum","add":1}]}'

Signs as docs/protocol.md §10 says under "version 2", and repeats a request that got no answer under its key.
"""
import argparse, base64, hashlib, hmac, json, secrets, sys, time, urllib.error, urllib.parse, urllib.request

SIGNED = ("Heyi-Channel", "Heyi-Member", "Idempotency-Key", "If-Match", "If-None-Match")


def signature(secret, method, target, message, seconds, headers, body):
    text = secret.strip().removeprefix("whsec_")
    key = base64.b64decode(text + "=" * (-len(text) % 4))
    lines = ["heyi-request/2", method, target, message, str(seconds)]
    lines += [headers.get(name, "") for name in SIGNED] + [hashlib.sha256(body).hexdigest()]
    code = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).digest()
    return "v2," + base64.b64encode(code).decode()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.etag = status, headers.get("ETag")
        self.retry_after, self.location = int(headers.get("Retry-After") or 0), headers.get("Location")
        self.json = json.loads(body) if body else None


class Shop:
    """One shopper at one channel: a member, or a guest when there is none."""

    def __init__(self, hub, channel, secret, member=None, tries=5):
        self.hub, self.channel, self.secret, self.member, self.tries = hub.rstrip("/"), channel, secret, member, tries

    def ask(self, method, target, body=None, key=None, if_match=None, if_none_match=None):
        """Asks until there is an answer; a request that changes something keeps its key over all tries."""
        if method != "GET" and key is None:
            key = secrets.token_hex(16)
        said = {"Heyi-Channel": self.channel, "Heyi-Member": self.member, "Idempotency-Key": key}
        said |= {"If-Match": if_match, "If-None-Match": if_none_match}
        said = {name: value for name, value in said.items() if value}
        data = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        for attempt in range(self.tries):
            answer = self._once(method, target, said, data)
            in_flight = answer is not None and answer.status == 409 and answer.json.get("code") == "in_flight"
            if answer is not None and answer.status not in (429, 500, 503) and not in_flight:
                return answer
            if attempt + 1 < self.tries:
                # Waits differ from sender to sender, so that not all come again at once.
                time.sleep((answer.retry_after if answer else 0) + secrets.randbelow(1000) / 1000 * 2 ** attempt / 4)
        if answer is None:
            raise ConnectionError(f"no answer from {self.hub} to {method} {target}")
        return answer

    def _once(self, method, target, said, data):
        message, seconds = "msg_" + secrets.token_hex(12), int(time.time())
        headers = dict(said)
        headers["webhook-id"], headers["webhook-timestamp"] = message, str(seconds)
        headers["webhook-signature"] = signature(self.secret, method, target, message, seconds, said, data)
        if data:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.hub + target, data or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return None

    def products(self, **search):
        """All products that fit, page after page."""
        after = None
        while True:
            asked = {name: value for name, value in {**search, "after": after}.items() if value is not None}
            page = self.ask("GET", "/v1/shop/products?" + urllib.parse.urlencode(asked)).json
            yield from page["data"]
            after = page["next"]
            if after is None:
                return

    def cart(self):
        return self.ask("GET", "/v1/shop/cart")

    def edit(self, lines, seen=None):
        """Edits the member's cart; `seen` is the ETag the edits were made on."""
        return self.ask("PATCH", "/v1/shop/cart", {"lines": lines}, if_match=seen)

    def buy(self, buyer, lines=None, destination=None):
        """Quotes lines, or the member's cart, and makes an order of the quote; the last answer either way."""
        wanted = {"lines": lines, "destination": destination}
        quote = self.ask("POST", "/v1/shop/quotes", {name: value for name, value in wanted.items() if value is not None})
        if quote.status != 201:
            return quote
        return self.ask("POST", "/v1/shop/orders", {"quote": quote.json["id"], "buyer": buyer})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", required=True)
    parser.add_argument("--channel", required=True)
    parser.add_argument("--secret-file", required=True)
    parser.add_argument("--member")
    parser.add_argument("--key", help="the Idempotency-Key; drawn when left out")
    parser.add_argument("--if-match")
    parser.add_argument("--if-none-match")
    parser.add_argument("method", choices=["get", "post", "patch"])
    parser.add_argument("target")
    parser.add_argument("body", nargs="?")
    return parser.parse_args()


def main():
    said = arguments()
    with open(said.secret_file) as file:
        shop = Shop(said.hub, said.channel, file.read(), said.member)
    body = json.loads(said.body) if said.body else None
    answer = shop.ask(said.method.upper(), said.target, body, said.key, said.if_match, said.if_none_match)
    print(json.dumps({"status": answer.status, "etag": answer.etag, "body": answer.json}, ensure_ascii=False, sort_keys=True))
    return 0 if answer.status < 400 else 1


if __name__ == "__main__":
    sys.exit(main())
