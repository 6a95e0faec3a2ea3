import Commerce

@testable import ChannelAdapters
@testable import SyncDaemon

extension FuzzTarget {
    /// What a channel posts, read by the strict reader of the public API and the one callbacks use.
    static let posted = FuzzTarget(
        name: "posted", dictionary: ["\"entity\":\"sku/a\"", "\"id\":\"\"", "\"op\":\"delete\"", "\"clock\":{}", "\"dot\":null", "\"n\":0", "\\u001b", "\\n"],
        cost: 2
    ) { bytes in
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { return nil }
        let strict = DeltaReader(channel: ChannelID("web")!, now: Timestamp(milliseconds: 1_767_225_600_000)).read([json])
        for refused in strict.refused {
            if let complaint = Property.explained(refused.reason, mayQuote: true) { return complaint }
        }
        do throws(ValidationFailure) {
            return kept(try DeltaCoding.observation(from: json))
        } catch {
            // The public API asks for more and never for less.
            guard strict.good.isEmpty || error.field == "value" else { return "only the strict reader takes it: \(error)" }
            return Property.explained(error.description, mayQuote: true)
        }
    }

    static let callback = FuzzTarget(
        name: "callback",
        dictionary: ["\"type\":\"changed\"", "\"data\":{}", "\"product/x\"", "\"kind\":\"tag\""], cost: 2
    ) { bytes in
        do throws(ChannelError) {
            switch try CallbackMessage.parse(bytes) {
            case .deltas(let observations, _): return observations.lazy.compactMap(kept).first
            case .changed(let entities):
                return entities.lazy.compactMap { kept(Observation(entity: $0, unit: nil, content: .absent)) }.first
            case .orders(let reports): return reports.allSatisfy { !$0.facts.isEmpty } ? nil : "an order of which nothing is said"
            case .sold(let report):
                return report.lines.allSatisfy { (1...StockQuantity.movedMax).contains($0.quantity) } ? nil : "a sale of no units"
            }
        } catch {
            return Property.explained(error.description, mayQuote: true)
        }
    }

    static let cursors = FuzzTarget.text(
        "cursors", dictionary: ["\"after\":", "\"floor\":-1", "[\"\",\"\"]"]
    ) { text in
        let plain: PlainCursor? = read { () throws(ChannelError) in try PlainCursor(PullCursor(text)) }
        let mark: GenerationMark? = read { () throws(ChannelError) in try GenerationMark(text) }
        if let plain {
            let next = plain.advanced(
                past: (plain.since, "product/p"), more: false, serverTime: plain.floor, overlap: .seconds(300), ownTime: plain.since)
            if next.since > max(plain.floor, plain.since) { return "the cursor ran ahead of everything seen: \(next)" }
        }
        return Property.roundTrip(plain, print: \.text) { again in read { () throws(ChannelError) in try PlainCursor(PullCursor(again)) } }
            ?? Property.roundTrip(mark, print: \.text) { again in read { () throws(ChannelError) in try GenerationMark(again) } }
    }

    private static func read<Value>(_ parse: () throws(ChannelError) -> Value?) -> Value? {
        do throws(ChannelError) { return try parse() } catch { return nil }
    }

    /// Three headers, a line each, then the payload.
    static let signature = FuzzTarget(
        name: "signature",
        dictionary: ["v1,", "v1,=", " ", "====", "\n\n", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="]
    ) { bytes in
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
        let headers = Dictionary(zip(["webhook-id", "webhook-timestamp", "webhook-signature"], lines.map(String.init))) { first, _ in first }
        do throws(SignatureFault) {
            try signer.verify(payload: bytes, at: Timestamp(milliseconds: 1_767_225_600_000)) { headers[$0] }
            return "a forged signature is let in"
        } catch {
            return Property.explained(error.description)
        }
    }

    private static let signer = try! StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")])
}
