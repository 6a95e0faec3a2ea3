import ChannelAdapters
import Commerce
import TestKit
import Testing

/// What the plain protocol owes beyond the contract: one swap a unit on versions an item.
@Suite struct PlainAdapterTests {
    typealias Subject = ContractSubject
    static let price = UnitName("price.CNY")!

    func adapter(_ transport: any HTTPTransport, overlap: Duration = .seconds(300)) throws -> PlainAdapter {
        try PlainAdapter(
            endpoint: ChannelEndpoint(url: "http://shop.test", secrets: [Secret("t")], overlap: overlap),
            transport: transport, time: ManualTime())
    }

    static func item(_ version: String, title: String, price: Int, at milliseconds: Int64 = 1_760_000_000_000) -> String {
        """
        {"kind":"product","id":"p1","updated_at":\(milliseconds),"version":"\(version)",
         "fields":{"text.zh-CN":{"title":"\(title)"},"price.CNY":{"amount":\(price)}}}
        """
    }

    func delta(_ unit: UnitName, _ operation: DeltaOperation, expecting: String?, _ sequence: Int64 = 5) -> OutgoingDelta {
        OutgoingDelta(
            sequence: sequence, entity: Subject.first, unit: unit, operation: operation,
            token: CausalToken(json: [:]), key: OperationID("op-\(sequence)"), expecting: expecting)
    }

    /// The version the adapter gives a unit of such an item.
    func version(of unit: UnitName, in item: String) async throws -> String? {
        let observations = try await adapter(ScriptedTransport([.answer(200, item)])).read([Subject.first])
        return observations.first { $0.unit == unit }?.version
    }

    @Test func `an edit of another field does not fail a swap`() async throws {
        let expected = try await version(of: Subject.unit, in: Self.item("e1", title: "旧", price: 100))
        let transport = ScriptedTransport([
            .answer(412, Self.item("e2", title: "旧", price: 200)),
            .answer(200, Self.item("e3", title: "新", price: 200)),
        ])
        let batch = Subject.batch([delta(Subject.unit, .set(Array(#"{"title":"新"}"#.utf8)), expecting: expected)])
        let outcome = try await adapter(transport).push(batch).outcomes.first
        guard case .stored(let holding)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(holding?.value == ["title": "新"])
        #expect(transport.requests.map { $0["if-match"] } == ["\"e1\"", "\"e2\""])
        #expect(transport.requests[0]["idempotency-key"] != transport.requests[1]["idempotency-key"])
    }

    @Test func `an edit of the same field fails the swap and is not overwritten`() async throws {
        let expected = try await version(of: Subject.unit, in: Self.item("e1", title: "旧", price: 100))
        let transport = ScriptedTransport([.answer(412, Self.item("e2", title: "店里改的", price: 100))])
        let batch = Subject.batch([delta(Subject.unit, .set(Array(#"{"title":"新"}"#.utf8)), expecting: expected)])
        guard case .stale(let found)? = try await adapter(transport).push(batch).outcomes.first else {
            Issue.record("overwritten")
            return
        }
        #expect(found.content == .value(["title": "店里改的"]))
        #expect(transport.requests.count == 1)
    }

    @Test func `the units of one product go in one request`() async throws {
        let transport = ScriptedTransport([.answer(200, Self.item("e2", title: "新", price: 5))])
        let batch = Subject.batch([
            delta(Subject.unit, .set(Array(#"{"title":"中"}"#.utf8)), expecting: nil, 5),
            delta(Self.price, .set(Array(#"{"amount":5}"#.utf8)), expecting: nil, 6),
            delta(Subject.unit, .set(Array(#"{"title":"新"}"#.utf8)), expecting: nil, 7),
        ])
        #expect(try await adapter(transport).push(batch).outcomes.count == 3)
        #expect(transport.requests.map(\.text) == [#"{"fields":{"price.CNY":{"amount":5},"text.zh-CN":{"title":"新"}}}"#])
        #expect(transport.requests[0].method == .put)
    }

    @Test(arguments: [DeltaOperation.delete, .set(Array(#"{"state":"deleted"}"#.utf8))], [204, 404])
    func `the end of a life deletes the item`(operation: DeltaOperation, status: Int) async throws {
        let transport = ScriptedTransport([.answer(status)])
        let batch = Subject.batch([delta(UnitName("life")!, operation, expecting: nil)])
        #expect(try await adapter(transport).push(batch).outcomes == [.stored(holding: nil)])
        #expect(transport.requests.map(\.method) == [.delete])
        #expect(transport.requests[0].url == "http://shop.test/items/product/p1")
    }

    @Test func `a life that goes on is a field like any other`() async throws {
        let transport = ScriptedTransport([.answer(200, Self.item("e2", title: "新", price: 5))])
        let batch = Subject.batch([delta(UnitName("life")!, .set(Array(#"{"state":"active"}"#.utf8)), expecting: nil)])
        _ = try await adapter(transport).push(batch)
        #expect(transport.requests.map(\.method) == [.put])
    }

    @Test func `one wrong field is rejected and those beside it go out again`() async throws {
        let transport = ScriptedTransport([.answer(422, #"{"field":"price.CNY.amount","reason":"negative"}"#)])
        let batch = Subject.batch([
            delta(Subject.unit, .set(Array("1".utf8)), expecting: nil, 5),
            delta(Self.price, .set(Array("2".utf8)), expecting: nil, 6),
        ])
        #expect(
            try await adapter(transport).push(batch).outcomes == [
                .deferred(retryAfter: nil), .rejected(field: "price.CNY.amount", reason: "status 422: negative"),
            ])
    }

    @Test func `an unknown outcome stops the push and is not spread over the rest`() async throws {
        let transport = ScriptedTransport([
            .answer(200, Subject.item("p1", "v2", "合一 T恤")), .failure(.interrupted(reason: "r")),
        ])
        let third = RemoteRef(kind: .product, id: "p3")
        let batch = Subject.batch(Subject.two.deltas + [Subject.delta(7, third, ["title": "三"])])
        let outcomes = try await adapter(transport).push(batch).outcomes
        guard case .stored = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outcomes[1...] == [.unknown, .deferred(retryAfter: nil)])
    }

    @Test func `every pass looks back over the window, by the channel's own clock`() async throws {
        let start = Int64(784_111_777_000)
        let date = [(name: "date", value: "Sun, 06 Nov 1994 08:49:37 GMT")]
        let later = [(name: "date", value: "Sun, 06 Nov 1994 09:49:37 GMT")]
        let transport = ScriptedTransport([
            .answer(200, #"{"more":true,"items":[\#(Self.item("e1", title: "一", price: 1, at: start - 9_000_000))]}"#, date),
            .answer(200, #"{"more":false,"items":[]}"#, later),
            .answer(200, #"{"more":false,"items":[]}"#, later),
        ])
        let adapter = try adapter(transport)
        let first = try await adapter.pull(after: nil, limit: 1)
        let second = try await adapter.pull(after: first.next, limit: 1)
        #expect(second.complete)
        _ = try await adapter.pull(after: second.next, limit: 1)
        #expect(
            transport.requests.map { String($0.url.split(separator: "?")[1]) } == [
                "updated_since=0&limit=1",
                "updated_since=\(start - 9_000_000)&after=product%2Fp1&limit=1",
                // The first page's time counts: what changed during the pass may not be in it.
                "updated_since=\(start - 300_000)&limit=1",
            ])
    }

    @Test func `without a date the newest edit seen stands in for the clock`() async throws {
        let transport = ScriptedTransport([
            .answer(200, #"{"more":false,"items":[\#(Self.item("e1", title: "一", price: 1, at: 1_000_000))]}"#),
            .answer(200, #"{"more":false,"items":[]}"#),
        ])
        let adapter = try adapter(transport, overlap: .seconds(60))
        _ = try await adapter.pull(after: adapter.pull(after: nil, limit: 1).next, limit: 1)
        #expect(transport.requests[1].url.hasSuffix("updated_since=940000&limit=1"))
    }

    @Test func `an item marked deleted is an entity that is not there`() async throws {
        let item = #"{"kind":"product","id":"p1","updated_at":1,"version":"e9","deleted":true}"#
        let page = try await adapter(ScriptedTransport([.answer(200, #"{"more":false,"items":[\#(item)]}"#)])).pull(after: nil, limit: 9)
        #expect(page.observations.map(\.content) == [.absent])
        #expect(page.observations.map(\.unit) == [nil])
    }

    @Test func `a backend without a page about itself has the least of powers`() async throws {
        let capabilities = try await adapter(ScriptedTransport([.answer(404)])).capabilities()
        #expect(!capabilities.comparesAndSwaps && !capabilities.recognisesKeys && !capabilities.keepsClocks)
        #expect(capabilities.families == nil)
    }
}
