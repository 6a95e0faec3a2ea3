import ChannelAdapters
import Commerce
import TestKit
import Testing

/// Pulling by `updated_at` from a shop whose clock is wrong.
@Suite struct PlainClockTests {
    private func adapter(_ transport: ScriptedTransport) throws -> PlainAdapter {
        try PlainAdapter(
            endpoint: ChannelEndpoint(url: "http://shop.test", secrets: [Secret("t")]), transport: transport, time: ManualTime())
    }

    private func item(_ id: String, at milliseconds: Int64) -> String {
        #"{"kind":"product","id":"\#(id)","updated_at":\#(milliseconds),"version":"e","fields":{}}"#
    }

    @Test func `a clock that was ten years ahead and is put right hides no edit`() async throws {
        let ahead = [(name: "date", value: "Thu, 09 Oct 2035 08:53:20 GMT")]
        let right = [(name: "date", value: "Thu, 09 Oct 2025 08:53:20 GMT")]
        let transport = ScriptedTransport([
            .answer(200, #"{"more":false,"items":[\#(item("p1", at: 1_760_000_000_000))]}"#, ahead),
            .answer(200, #"{"more":false,"items":[]}"#, right),
            .answer(200, #"{"more":false,"items":[\#(item("p2", at: 1_760_000_000_000))]}"#, right),
            .answer(200, #"{"more":false,"items":[]}"#, right),
        ])
        let adapter = try adapter(transport)
        let first = try await adapter.pull(after: nil, limit: 9)
        let second = try await adapter.pull(after: first.next, limit: 9)
        #expect(!second.complete)
        let third = try await adapter.pull(after: second.next, limit: 9)
        #expect(third.complete)
        _ = try await adapter.pull(after: third.next, limit: 9)
        #expect(transport.requests[2].url.contains("updated_since=0&"))
        #expect(transport.requests[3].url.contains("updated_since=\(1_760_000_000_000 - 300_000)&"))
    }

    @Test func `one item stamped in a far year does not hide the edits of this one`() async throws {
        let transport = ScriptedTransport([
            .answer(200, #"{"more":false,"items":[\#(item("p1", at: 4_102_444_800_000))]}"#),
            .answer(200, #"{"more":false,"items":[]}"#),
        ])
        let adapter = try adapter(transport)
        let first = try await adapter.pull(after: nil, limit: 9)
        _ = try await adapter.pull(after: first.next, limit: 9)
        #expect(transport.requests[1].url.contains("updated_since=\(1_760_000_000_000 - 300_000)&"))
    }

    @Test func `an empty shop without a date is read to its end`() async throws {
        let transport = ScriptedTransport([.answer(200, #"{"more":false,"items":[]}"#)])
        #expect(try await adapter(transport).pull(after: nil, limit: 9).complete)
    }
}
