import ChannelAdapters
import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct GatewayReceptionTests {
    /// Its bodies are an id, what happened, and how often it was told before.
    private struct Counting: CallbackReceiver {
        func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
            .keep(String(String(decoding: callback.body, as: UTF8.self).prefix { $0 != " " }))
        }
        func essence(of body: [UInt8]) -> [UInt8] { Array(body.prefix { $0 != UInt8(ascii: "#") }) }
        func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer { CallbackAnswer(204) }
        func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] { [] }
    }

    private let store: Store
    private let account = ChannelID("cards")!

    init() async throws {
        store = try Store(.memory, surroundings: .still())
        try await store.write { [account] writing throws(StoreError) in try writing.putGateway(account, kind: "stripe") }
    }

    private func receive(_ text: String) async -> String {
        let callback = GatewayCallback(body: Array(text.utf8))
        switch await GatewayReception(store: store).receive(callback, for: account, by: Counting()).verdict {
        case .stored: return "stored"
        case .known: return "known"
        case .quarantined: return "quarantined"
        case .answered, .refused, .unavailable: return "neither"
        }
    }

    @Test func `the same told again in other bytes is known, and something else under the same id is set aside`() async throws {
        #expect(await receive("e1 paid 100 #0") == "stored")
        #expect(await receive("e1 paid 100 #0") == "known")
        #expect(await receive("e1 paid 100 #7") == "known")
        #expect(await receive("e1 paid 999 #8") == "quarantined")
        let kept = try await store.read { reading throws(StoreError) in try reading.inbox(limit: 10) }
        #expect(kept.map { String(decoding: $0.body, as: UTF8.self) } == ["e1 paid 999 #8", "e1 paid 100 #0"])
    }

    @Test func `what was kept before anybody knew what of it matters is known by its whole body`() async throws {
        try await store.write { [account] writing throws(StoreError) in
            _ = try writing.receive(try writing.reading.requireChannel(account), event: "e1", body: Array("e1 paid 100 #0".utf8))
        }
        #expect(await receive("e1 paid 100 #0") == "known")
    }
}
