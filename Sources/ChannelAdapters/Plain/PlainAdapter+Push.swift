import Commerce
import Crypto

extension PlainAdapter {
    /// Writes entity by entity. What stops one entity because of the whole channel defers
    /// those behind it, so that what already landed is still reported.
    package func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        var outcomes = [PushOutcome](repeating: .deferred(retryAfter: nil), count: batch.deltas.count)
        let groups = PlainAdapter.groups(of: batch.deltas)
        for (number, group) in groups.enumerated() {
            do throws(ChannelError) {
                let answers = try await write(group.map { batch.deltas[$0] })
                for (index, answer) in zip(group, answers) { outcomes[index] = answer }
            } catch {
                let isAlone = groups.count == 1
                switch error {
                case .rejected(let field, let reason):
                    for index in group { outcomes[index] = .rejected(field: field, reason: reason) }
                case .unknown, .failed, .malformed:
                    if isAlone { throw error }
                    for index in group { outcomes[index] = .unknown }
                    return PushAnswer(outcomes: outcomes)
                case .throttled(let wait):
                    if number == 0 { throw error }
                    for index in groups[number...].joined() { outcomes[index] = .deferred(retryAfter: wait) }
                    return PushAnswer(outcomes: outcomes)
                case .unreachable, .unauthorized, .resyncNeeded, .gone, .cancelled:
                    if number == 0 { throw error }
                    return PushAnswer(outcomes: outcomes)
                }
            }
        }
        return PushAnswer(outcomes: outcomes)
    }

    /// Places of the deltas of each entity, entities in the order they first appear.
    private static func groups(of deltas: [OutgoingDelta]) -> [[Int]] {
        var groups: [[Int]] = []
        var places: [RemoteRef: Int] = [:]
        for (index, delta) in deltas.enumerated() {
            if let place = places[delta.entity] {
                groups[place].append(index)
            } else {
                places[delta.entity] = groups.count
                groups.append([index])
            }
        }
        return groups
    }

    /// Writes the deltas of one entity, which are not empty.
    private func write(_ deltas: [OutgoingDelta]) async throws(ChannelError) -> [PushOutcome] {
        let entity = deltas[0].entity
        if let life = deltas.last(where: { $0.unit.family == "life" }), PlainAdapter.ends(life) {
            var request = request(.delete, path(of: entity))
            request.headers.append(("Idempotency-Key", PlainAdapter.key(of: deltas)))
            _ = try await exchange.send(request, taking: [404])
            return deltas.map { _ in .stored(holding: nil) }
        }
        let expected = deltas.compactMap { PlainVersion($0.expecting) }
        let first = try await put(deltas, ifMatch: expected.last?.etag, attempt: "")
        guard case .stale(let item) = first else { return first.outcomes(of: deltas) }
        // Another field may be what changed. Then nothing we overwrite is unseen, and the
        // write is due under the item's present version.
        let untouched = deltas.allSatisfy { delta in
            guard let version = PlainVersion(delta.expecting) else { return true }
            return version.digest == PlainVersion.digest(of: item.value(of: delta.unit))
        }
        guard untouched, !item.isDeleted else { return first.outcomes(of: deltas) }
        let second = try await put(deltas, ifMatch: item.etag, attempt: "-" + item.etag)
        return second.outcomes(of: deltas)
    }

    private func put(
        _ deltas: [OutgoingDelta], ifMatch etag: String?, attempt: String
    ) async throws(ChannelError) -> PutAnswer {
        let entity = deltas[0].entity
        var request = request(.put, path(of: entity), body: PlainAdapter.body(of: deltas))
        request.headers.append(("Idempotency-Key", PlainAdapter.key(of: deltas, attempt: attempt)))
        if let etag { request.headers.append(("If-Match", PlainAdapter.quoted(etag))) }
        let response = try await exchange.send(request, taking: [412, 422])
        switch response.status {
        case 412: return .stale(try item(of: response, expecting: entity))
        case 422: return .refused(Problem(of: response))
        default: return .stored(try item(of: response, expecting: entity))
        }
    }

    /// An entity tag as HTTP spells it; some backends hand theirs out with the quotes on.
    private static func quoted(_ etag: String) -> String { etag.hasSuffix("\"") ? etag : "\"\(etag)\"" }

    /// The fields as they shall be: the last delta of a unit counts, a removal is null.
    private static func body(of deltas: [OutgoingDelta]) -> [UInt8] {
        var output = Array("{\"fields\":{".utf8)
        var isFirst = true
        for (index, delta) in deltas.enumerated()
        where !deltas[(index + 1)...].contains(where: { $0.unit == delta.unit }) {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            JSON.string(delta.unit.text).write(to: &output)
            output.append(UInt8(ascii: ":"))
            switch delta.operation {
            case .set(let bytes): output += bytes
            case .delete: output += Array("null".utf8)
            }
        }
        return output + Array("}}".utf8)
    }

    /// One delta's own key, or a digest of the keys that go together.
    private static func key(of deltas: [OutgoingDelta], attempt: String = "") -> String {
        if deltas.count == 1, attempt.isEmpty { return deltas[0].key.text }
        let together = deltas.map(\.key.text).joined(separator: " ") + attempt
        return PlainVersion.hexadecimal(SHA256.hash(data: Array(together.utf8)).prefix(16))
    }

    private static func ends(_ life: OutgoingDelta) -> Bool {
        switch life.operation {
        case .delete: return true
        case .set(let bytes):
            do throws(JSONError) {
                return try JSON.parse(bytes)["state"] == "deleted"
            } catch {
                // The bytes are the store's own encoding; what is not JSON ends nothing.
                return false
            }
        }
    }
}

/// What came of one `PUT`.
private enum PutAnswer {
    case stored(PlainItem)
    case stale(PlainItem)
    case refused(Problem)

    func outcomes(of deltas: [OutgoingDelta]) -> [PushOutcome] {
        switch self {
        case .stored(let item):
            return deltas.map { delta in
                .stored(
                    holding: Holding(
                        value: item.value(of: delta.unit), token: nil, version: item.version(of: delta.unit)))
            }
        case .stale(let item): return deltas.map { .stale(item.observation(of: $0.unit)) }
        case .refused(let problem):
            // A refused PUT stores nothing: the fields beside the wrong one go out again without it.
            let named = deltas.map { problem.field == $0.unit.text || problem.field.hasPrefix($0.unit.text + ".") }
            let isNamed = named.contains(true)
            return named.map { wrong in
                wrong || !isNamed
                    ? .rejected(field: problem.field, reason: problem.reason) : .deferred(retryAfter: nil)
            }
        }
    }
}
