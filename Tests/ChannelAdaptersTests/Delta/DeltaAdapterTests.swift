import ChannelAdapters
import Commerce
import TestKit
import Testing

/// What the delta protocol owes beyond the contract.
@Suite struct DeltaAdapterTests {
    typealias Subject = ContractSubject

    func outcomes(_ batch: PushBatch, _ answer: String) async throws -> [PushOutcome] {
        try await Subject.delta.adapter(ScriptedTransport([.answer(200, answer)])).push(batch).outcomes
    }

    @Test func `a channel can check every request it is sent`() async throws {
        let time = ManualTime()
        let transport = ScriptedTransport([.answer(200, Subject.delta.pages[0]), .answer(200, Subject.delta.stored[0])])
        let adapter = try DeltaAdapter(
            endpoint: ChannelEndpoint(url: "https://shop.test:8443/a/b", secrets: [Subject.delta.secret]),
            transport: transport, time: time)
        _ = try await adapter.pull(after: PullCursor(#"["g7","c+1/ä"]"#), limit: 3)
        _ = try await adapter.push(Subject.two)
        let peer = try StandardWebhooks(secrets: [Subject.delta.secret])
        for request in transport.requests {
            let target = String(request.url.dropFirst("https://shop.test:8443".count))
            let payload = StandardWebhooks.payload(method: request.method.rawValue, target: target, body: request.body)
            try peer.verify(payload: payload, at: time.now()) { request[$0] }
        }
        #expect(transport.requests[0].url.hasSuffix("/a/b/deltas?since=c%2B1%2F%C3%A4&limit=3"))
    }

    @Test func `values travel as the bytes they were committed as`() async throws {
        let transport = ScriptedTransport([.answer(200, #"{"ack":5}"#)])
        let batch = Subject.batch([Subject.delta(5, Subject.first, ["b": 1, "a": "合"], expecting: "v1")])
        _ = try await Subject.delta.adapter(transport).push(batch)
        #expect(
            try JSON.parse(transport.requests[0].body ?? []) == [
                "generation": "g1", "session": "s1", "from": 0, "to": 5,
                "deltas": [
                    [
                        "seq": 5, "entity": ["kind": "product", "id": "p1"], "unit": "text.zh-CN", "op": "set",
                        "value": ["a": "合", "b": 1], "clock": ["hub:main:k3f9": 4], "op_id": "op-5", "expect": "v1",
                    ]
                ],
            ])
    }

    @Test func `what lies past the acknowledgement was not reached`() async throws {
        #expect(try await outcomes(Subject.two, #"{"ack":5}"#) == [.stored(holding: nil), .deferred(retryAfter: nil)])
    }

    @Test func `a held value that is gone is a holding of nothing`() async throws {
        let holding = Holding(value: nil, token: nil, version: nil)
        #expect(try await outcomes(Subject.one, #"{"ack":5,"held":[{"seq":5}]}"#) == [.stored(holding: holding)])
    }

    @Test(arguments: [
        (#"{"ack":7}"#, "ack"), (#"{"ack":"6"}"#, "ack"), (#"{"ack":6,"held":[{"seq":9}]}"#, "held[0].seq"),
        (#"{"ack":6,"held":[{"seq":5}],"rejected":[{"seq":5,"reason":"r"}]}"#, "rejected[0].seq"),
        (#"{"ack":6,"rejected":[{"seq":5}]}"#, "rejected[0].reason"), (#"{"ack":6,"held":{}}"#, "held"),
        (#"{"ack":6,"stale":[{"seq":5,"op":"set"}]}"#, "stale[0].value"),
        (#"{"ack":6,"stale":[{"seq":5,"op":"put"}]}"#, "stale[0].op"),
        (#"{"ack":6,"stale":[{"seq":5,"value":1,"clock":{"a":-1}}]}"#, "stale[0].clock.a"),
        (#"{"ack":6,"stale":[{"seq":5,"value":1,"clock":{"a":9007199254740992}}]}"#, "stale[0].clock.a"),
        (#"{"ack":6,"stale":[{"seq":5,"value":1,"clock":{"a":1.5}}]}"#, "stale[0].clock.a"),
        (#"{"ack":6,"stale":[{"seq":5,"value":1,"dot":{"actor":"x","n":0}}]}"#, "stale[0].dot.n"),
        (#"{"ack":6,"deferred":[{"seq":5,"retry_after":-1}]}"#, "deferred[0].retry_after"),
    ])
    func `an answer that does not fit the batch names the member`(answer: String, path: String) async throws {
        do {
            _ = try await outcomes(Subject.two, answer)
            Issue.record("accepted \(answer)")
        } catch ChannelError.malformed(let reason) {
            #expect(reason.hasPrefix(path + ": "))
        }
    }

    @Test func `a channel whose generation changed asks for a resync`() async throws {
        let adapter = try Subject.delta.adapter(ScriptedTransport([.answer(200, Subject.delta.pages[0])]))
        await #expect(throws: ChannelError.resyncNeeded(reason: "the channel's generation is another than the cursor's")) {
            try await adapter.pull(after: PullCursor(#"["g6","c1"]"#), limit: 1)
        }
    }

    @Test func `more entities than one read takes are read in several`() async throws {
        let transport = ScriptedTransport([.answer(200, #"{"deltas":[]}"#), .answer(200, #"{"deltas":[]}"#)])
        let entities = (0..<150).map { RemoteRef(kind: .sku, id: "s\($0)") }
        _ = try await Subject.delta.adapter(transport).read(entities)
        let sizes = try transport.requests.map { try JSON.parse($0.body ?? [])["entities"]?.array?.count }
        #expect(sizes == [100, 50])
    }

    @Test func `a secret the protocol cannot use is refused before anything is sent`() {
        #expect(throws: SecretFault.self) {
            try AdapterFactory.adapter(
                for: .delta, endpoint: ChannelEndpoint(url: "http://x", secrets: [Secret("short")]),
                transport: ScriptedTransport([]), time: ManualTime())
        }
    }
}
