import Commerce

@testable import ChannelAdapters

extension FuzzTarget {
    private static let jsonWords = [
        "{\"a\":1}", "[1,2]", "\"\\u00e9\"", "\"\\\\\"", ",\"a\":", "\"a\"", "\"b\":[", "true", "false", "null", "1.5e3", "-0", "{}", "[]",
    ]

    static let json = FuzzTarget(
        name: "json",
        dictionary: jsonWords
    ) { bytes in
        do throws(JSONError) {
            let value = try JSON.parse(bytes)
            let printed = value.bytes
            let again = try JSON.parse(printed)
            guard again == value else { return "printed and read again it is another value" }
            guard again.bytes == printed else { return "the canonical bytes are not canonical" }
            return value.hashValue == again.hashValue ? nil : "equal values with different hashes"
        } catch {
            guard (0...bytes.count).contains(error.offset) else { return "the fault lies outside of the text: \(error.offset)" }
            return Property.explained(error.description, mayQuote: true)
        }
    }

    /// Answers of hosted and plain shops: each reader over the same bytes.
    static let answers = FuzzTarget(
        name: "answers",
        dictionary: jsonWords + ["\"seq\":", "\"op\":\"delete\"", "\"clock\":{", "\"dot\":", "\"version\":", "\"retry_after\":1e9", "\"modified\":"],
        cost: 4
    ) { bytes in
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { return nil }
        let reader = AnswerReader(json)
        var complaint: String?
        func tried<Value>(_ read: () throws(AnswerFault) -> Value) -> Value? {
            do throws(AnswerFault) { return try read() } catch {
                complaint = complaint ?? Property.explained(error.channelError.description, mayQuote: true)
                return nil
            }
        }
        if let capabilities = tried({ () throws(AnswerFault) in try reader.capabilities() }) {
            complaint = complaint ?? settles(capabilities.projection)
        }
        _ = tried { () throws(AnswerFault) in try reader.pushAnswer(to: FuzzTarget.batch) }
        let pulled = tried { () throws(AnswerFault) in try reader.pulledDeltas() }
        for observation in pulled?.0 ?? [] { complaint = complaint ?? kept(observation) }
        for observation in tried({ () throws(AnswerFault) in try reader.deltas() }) ?? [] { complaint = complaint ?? kept(observation) }
        _ = tried { () throws(AnswerFault) in try reader.absentEntities() }
        for observation in tried({ () throws(AnswerFault) in try reader.item() })?.observations ?? [] {
            complaint = complaint ?? kept(observation)
        }
        return complaint
    }

    /// Whatever is kept of an observation is bounded and printable, wherever it came in.
    static func kept(_ observation: Observation) -> String? {
        let texts = [observation.entity.id, observation.event ?? "e", observation.dot?.actor ?? "a"]
        for text in texts where !(1...256).contains(text.utf8.count) || text.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            return "kept without a bound or with control characters: \(text.debugDescription)"
        }
        // A plain shop's version is its own with a digest behind it.
        if let version = observation.version, version.utf8.count > 256 + 17 { return "a version of \(version.utf8.count) bytes is kept" }
        if let dot = observation.dot, dot.count > 1 << 53 { return "a dot counts \(dot.count)" }
        return nil
    }

    private static func settles(_ projection: Projection) -> String? {
        guard let unit = UnitName("text"), projection.rules.count <= 8 else { return nil }
        let value: JSON = ["title": " <b>a &lt;i&gt; b</b> ", "amount": .integer(.min), "list": ["b", "a"]]
        let once = projection.apply(to: value, unit: unit)
        return projection.apply(to: once, unit: unit) == once ? nil : "projecting twice is not projecting once: \(projection.rules)"
    }

    /// What the samples of answers to a push answer.
    static let batch = PushBatch(
        generation: "k", session: "s", from: 3, to: 8,
        deltas: (4...7).map { sequence in
            OutgoingDelta(
                sequence: sequence, entity: RemoteRef(kind: .product, id: "p"), unit: UnitName("tags")!, operation: .delete,
                token: CausalToken(json: [:]), key: OperationID("o\(sequence)"), expecting: nil)
        })
}
