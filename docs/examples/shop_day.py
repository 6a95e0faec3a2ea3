#!/usr/bin/env python3
"""A shop's day, step by step, on a daemon of its own: import goods, receive stock, two ends buy the last unit, a cancellation
meets a payment, an order leaves in two parcels, a line comes back damaged, and `heyi why` explains each number.

  shop_day.py --bin .build/debug

Every step says what must be so after it, and the script ends at the first that is not.
"""
import argparse, atexit, base64, json, os, shutil, socket, subprocess, sys, tempfile, threading, time, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shopper import Shop  # noqa: E402

options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
options.add_argument("--bin", default=".build/debug", help="where heyi is built")
BIN = options.parse_args().bin
WORK = tempfile.mkdtemp(prefix="heyi-day-")
BUYER = {"name": "李雷", "phone": "13800001234", "address": "人民路 1 号"}
daemon = None


def clean():
    if daemon:
        daemon.terminate()
        daemon.wait()
    shutil.rmtree(WORK, ignore_errors=True)


atexit.register(clean)


def say(words): print(f"\n== {words}", flush=True)


def must(holds, words):
    print(("   ok: " if holds else "   NOT SO: ") + words, flush=True)
    if not holds:
        sys.exit(1)


def heyi(*words, show=False):
    done = subprocess.run([f"{BIN}/heyi", *words], env=dict(os.environ, HEYI_SOCKET=f"{WORK}/heyi.sock"), capture_output=True, text=True)
    if show:
        print("   $ heyi " + " ".join(words))
        print("".join(f"     {line}\n" for line in (done.stdout + done.stderr).splitlines()), end="", flush=True)
    return done


def read(*words): return json.loads(heyi(*words, "--json").stdout)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


public, admin, ends = free_port(), free_port(), ("app", "mini")
keys = {}
config = f"""store: {{directory: {WORK}/store}}
listen: {{public: "127.0.0.1:{public}", admin: "127.0.0.1:{admin}", socket: {WORK}/heyi.sock}}
limits: {{requests_per_second: 1000, address_requests_per_second: 1000}}
log: {{level: error}}
payments: {{trial: true}}
channels:
"""
for end in ends:
    keys[end] = "whsec_" + base64.b64encode(os.urandom(32)).decode()
    with open(f"{WORK}/{end}.secret", "w") as f:
        f.write(keys[end])
    os.chmod(f"{WORK}/{end}.secret", 0o600)
    config += f"  - {{id: {end}, kind: app, secrets: [\"file:{WORK}/{end}.secret\"]}}\n"
with open(f"{WORK}/heyi.yaml", "w") as f:
    f.write(config)
daemon = subprocess.Popen([f"{BIN}/heyi", "serve", "--config", f"{WORK}/heyi.yaml"])
for _ in range(600):
    try:
        if urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=5).status == 200:
            break
    except OSError:
        time.sleep(0.05)
shops = {end: Shop(f"http://127.0.0.1:{public}", end, keys[end], f"m-{end}") for end in ends}

say("import goods")
goods = [
    {"kind": "product", "id": "pot", "units": {"shelf": {"state": "on"}, "text.zh-CN": {"title": "紫砂壶"}}},
    {"kind": "sku", "id": "pot-red", "units": {"identity": {"product": "pot", "code": "POT-RED"}, "price.CNY": {"amount": 19900}, "logistics": {"weight_g": 700}}},
    {"kind": "product", "id": "cup", "units": {"shelf": {"state": "on"}, "text.zh-CN": {"title": "品茗杯"}}},
    {"kind": "sku", "id": "cup-blue", "units": {"identity": {"product": "cup", "code": "CUP-BLUE"}, "price.CNY": {"amount": 3900}, "logistics": {"weight_g": 100}}},
]
with open(f"{WORK}/goods.jsonl", "w") as f:
    f.writelines(json.dumps(entity, ensure_ascii=False) + "\n" for entity in goods)
must(heyi("import", f"{WORK}/goods.jsonl").returncode == 0, "two products with a SKU each are in the catalog")
with open(f"{WORK}/post.json", "w") as f:
    json.dump({"kind": "freight", "name": "快递", "basis": "weight", "zones": [
        {"region": ["CN"], "first": 1000, "first_fee": 800, "next": 1000, "next_fee": 200, "free_from_amount": 29900}]}, f)
with open(f"{WORK}/full.json", "w") as f:
    json.dump({"kind": "promotion", "name": "满200减20", "threshold": 20000, "amount_off": 2000}, f)
must(heyi("price", "put", "post", f"{WORK}/post.json").returncode == 0 and heyi("price", "put", "full200", f"{WORK}/full.json").returncode == 0,
     "sending costs ¥8 for the first kilogram, and from ¥200 on ¥20 are off")

say("receive stock")
heyi("stock", "move", "receive", "POT-RED", "1", "--cause", "delivery-1/pot")
heyi("stock", "move", "receive", "CUP-BLUE", "10", "--cause", "delivery-1/cup")
again = heyi("stock", "move", "receive", "CUP-BLUE", "10", "--cause", "delivery-1/cup")
must("known" in again.stdout, "the same delivery note again moves nothing")

say("two ends buy the last pot at the same moment")
answers = {}
quotes = {end: shop.ask("POST", "/v1/shop/quotes", {"lines": [{"sku": "pot-red", "quantity": 1}], "destination": ["CN", "31"]}).json for end, shop in shops.items()}
buying = [threading.Thread(target=lambda end=end, shop=shop: answers.update({end: shop.ask("POST", "/v1/shop/orders", {"quote": quotes[end]["id"], "buyer": BUYER})}))
          for end, shop in shops.items()]
for thread in buying: thread.start()
for thread in buying: thread.join()
won = [end for end in ends if answers[end].status == 201]
lost = [end for end in ends if answers[end].status == 409]
must(len(won) == 1 and len(lost) == 1, f"{won[0] if won else 'nobody'} has it, and the other end is told: {answers[lost[0]].json['detail'] if lost else ''}")

say("a cancellation meets a payment")
number = answers[won[0]].json["number"]
opened = shops[won[0]].ask("POST", f"/v1/shop/orders/{number}/pay", {"gateway": "trial"})
must(opened.status == 200, f"the buyer stands at the till with attempt {opened.json['attempt']}")
called_off = shops[won[0]].ask("POST", f"/v1/shop/orders/{number}/cancel", {"reason": "changed my mind"})
must(called_off.status == 200 and called_off.json["state"] == "cancelled", "the buyer calls it off; the attempt is closed at the till first")
heyi("order", "pay", number, "--trial", "--amount", "20700")
for _ in range(100):
    order = read("order", "show", number)
    if order["money"]["refunded"] == 20700:
        break
    time.sleep(0.1)
must(order["state"] == "cancelled" and order["money"]["refunded"] == 20700, "money that came all the same went back by itself, the order stays off")
must(read("stock", "show", "POT-RED")["available"] == 1, "the pot is on sale again")
heyi("why", f"order/{number}", show=True)

say("an order leaves in two parcels")
bought = shops["app"].buy(BUYER, [{"sku": "pot-red", "quantity": 1}, {"sku": "cup-blue", "quantity": 2}], ["CN", "31"])
must(bought.status == 201, f"the pot and two cups: {bought.json['money']['total']} fen")
number = bought.json["number"]
heyi("order", "pay", number, "--trial")
heyi("order", "ship", number, "--carrier", "SF", "--tracking", "SF1001", "--line", "1:1")
must(read("order", "show", number)["state"] == "partly-shipped", "the pot has left")
heyi("order", "ship", number, "--carrier", "SF", "--tracking", "SF1002")
must(read("order", "show", number)["state"] == "shipped", "and so have the cups")
must(heyi("order", "ship", number, "--carrier", "SF", "--tracking", "SF1003", "--line", "2:1").returncode != 0, "a third cup cannot leave: two were ordered")

say("one line comes back damaged")
claim = shops["app"].ask("POST", f"/v1/shop/orders/{number}/after-sales", {"kind": "return-and-refund", "lines": [{"line": 2, "pieces": 1}], "reason": "cracked"})
must(claim.status == 200, "the buyer asks to give one cup back")
heyi("after-sale", "agree", number, "c1")
before = read("order", "show", number)["money"]["refunded"]
heyi("after-sale", "take-back", number, "c1", "--line", "2:1", "--as", "damaged")
for _ in range(100):
    order = read("order", "show", number)
    if order["money"]["refunded"] > before:
        break
    time.sleep(0.1)
must(before == 0 and order["money"]["refunded"] == order["cases"][0]["granted"], f"no money before the cup was looked at; now {order['money']['refunded']} fen, what it was paid with")
cups = read("stock", "show", "CUP-BLUE")["levels"][0]
must(cups["damaged"] == 1 and cups["pool"] == 8, "the cup is kept as damaged, and not on sale")

say("why")
heyi("why", f"order/{number}", show=True)
heyi("stock", "entries", "CUP-BLUE", show=True)
must(heyi("stock", "audit").returncode == 0 and heyi("order", "audit").returncode == 0, "every number above is explained by its facts and entries")
