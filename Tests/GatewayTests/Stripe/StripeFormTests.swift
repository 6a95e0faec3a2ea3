@testable import ChannelAdapters
import Commerce
import Testing

@Suite struct StripeFormTests {
    @Test func `nested parameters are written as the maker's own client writes them`() throws {
        let form = StripeForm([
            ("amount", .number(100)), ("description", .text("Lamp & shade = 灯+é ~*'()")), ("absent", nil), ("confirm", .flag(false)),
            ("metadata", .members([("heyi_number", .text("20260601-k3v9q0m2ab-a1")), ("a b", .text("c/d"))])),
            ("line_items", .list([.members([("price_data", .members([("currency", .text("usd")), ("product_data", .members([("name", .text("x"))]))])), ("quantity", .number(1))])])),
            ("expand", .list([.text("data.source"), .text("latest_charge")])), ("created", .members([("gte", .number(1)), ("lt", .number(2))])),
        ])
        let theirs = try PythonPeer.run(
            """
            from urllib.parse import urlencode
            from stripe._encode import _api_encode
            data = {'amount': 100, 'description': "Lamp & shade = 灯+é ~*'()", 'absent': None, 'confirm': False,
                'metadata': {'heyi_number': '20260601-k3v9q0m2ab-a1', 'a b': 'c/d'},
                'line_items': [{'price_data': {'currency': 'usd', 'product_data': {'name': 'x'}}, 'quantity': 1}],
                'expand': ['data.source', 'latest_charge'], 'created': {'gte': 1, 'lt': 2}}
            pairs = list(_api_encode(data))
            print(urlencode(pairs).replace('%5B', '[').replace('%5D', ']').replace('+', '%20'), end='')
            """, [])
        #expect(form.text == theirs)
    }

    @Test func `what they decode of ours is what was meant`() throws {
        let form = StripeForm([("metadata", .members([("a&b=[c]", .text("1+2=3 & 4%"))])), ("d", .text("\u{0}\n灯"))])
        let theirs = try PythonPeer.run("import sys, json, urllib.parse as u; print(json.dumps(u.parse_qsl(sys.stdin.read(), strict_parsing=True)), end='')", [], input: Array(form.text.utf8))
        #expect(try JSON.parse(theirs) == [["metadata[a&b=[c]]", "1+2=3 & 4%"], ["d", "\u{0}\n灯"]])
    }

    @Test(arguments: ["Invalid API Key provided: sk_test_4eC39HqLyjWDarjtT1zdp7dc", "key=rk_live_abc", "whsec_x y", "«pk_live_1»"])
    func `words of others never carry a key`(words: String) {
        let plain = StripeWords.plain(words, max: 300)
        #expect(plain.contains("<secret>") && !["sk_", "rk_", "pk_", "whsec_"].contains(where: plain.contains))
        #expect(StripeWords.plain("a\u{1B}[31mb\n\u{9B}c", max: 4) == "a[31")
    }

    private func response(_ status: Int, _ body: String, _ headers: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers.map { ($0.0, $0.1) }, body: Array(body.utf8))
    }

    @Test(arguments: [
        (402, "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"insufficient_funds\",\"message\":\"No.\"}}", nil, StripeFault.Kind.refused),
        (402, "{\"error\":{\"type\":\"card_error\"}}", "true", .unknown), (400, "{\"error\":{\"type\":\"idempotency_error\"}}", nil, .keyTaken),
        (400, "{\"error\":{\"code\":\"lock_timeout\"}}", nil, .unknown), (409, "{\"error\":{\"type\":\"idempotency_error\"}}", nil, .unknown),
        (409, "{\"error\":{}}", "false", .refused), (429, "{\"error\":{}}", nil, .unknown), (500, "{\"error\":{}}", "false", .unknown), (503, "<html>", nil, .unknown), (302, "", nil, .unknown),
        (401, "{\"error\":{}}", nil, .barred), (403, "{\"error\":{}}", nil, .barred), (404, "{\"error\":{}}", nil, .missing), (404, "{}", nil, .unknown), (403, "", nil, .unknown), (400, "<html>", nil, .unknown),
        (400, "{\"error\":{\"code\":\"payment_intent_unexpected_state\"}}", nil, .otherState), (400, "{\"error\":7}", nil, .unknown),
        (200, "{\"error\":{}}", nil, .unknown), (200, "[]", nil, .unknown), (200, "", nil, .unknown), (200, "{\"a\":", nil, .unknown),
    ] as [(Int, String, String?, StripeFault.Kind)])
    func `what a failure says of what was asked`(status: Int, body: String, retry: String?, kind: StripeFault.Kind) {
        do throws(StripeFault) {
            _ = try StripeExchange.read(response(status, body, retry.map { [("stripe-should-retry", $0)] } ?? []))
            Issue.record("taken for an object")
        } catch {
            #expect(error.kind == kind)
        }
    }

    @Test func `an operator reads the code and why a card was declined`() {
        let body = "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"insufficient_funds\",\"param\":\"x\",\"message\":\"Not enough.\"}}"
        #expect(throws: StripeFault.self) { try StripeExchange.read(response(402, body)) }
        do throws(StripeFault) { _ = try StripeExchange.read(response(402, body)) } catch {
            #expect(error.words == "status 402 card_error card_declined/insufficient_funds (x): Not enough.")
        }
    }
}
