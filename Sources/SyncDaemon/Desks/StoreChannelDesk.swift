import ChannelAdapters
import Commerce
import ConflictResolution
import Store
import SyncEngine

/// Serves visiting channels from the store's feed.
struct StoreChannelDesk: ChannelDesk {
    let store: Store
    let visits: Visits
    let news: NewsSignal
    let limits: Limits

    struct Limits: Hashable, Sendable {
        var batchMax = 1_000
        var pageMax = 500
    }

    func offer(to channel: ChannelID) async throws(DeskError) -> ChannelOffer {
        var families: [String: String] = [:]
        for definition in UnitCatalog.all { families[definition.family] = definition.policy.word }
        return ChannelOffer(
            generation: store.life.generation, batchMax: limits.batchMax, pageMax: limits.pageMax,
            families: families.sorted { $0.key < $1.key }.map { (family: $0.key, policy: $0.value) })
    }

    func take(_ batch: ChannelBatch, from channel: ChannelID) async throws(DeskError) -> BatchAnswer {
        let observations = batch.deltas.map { StoreChannelDesk.observation($0) }
        let answer = try await atDesk { () async throws(StoreError) in
            try await visits.accept(
                channel, message: batch.messageID, body: batch.digest, observations: observations
            ) { results, reading throws(StoreError) in
                try StoreChannelDesk.answer(batch, results, reading).json.bytes
            }
        }
        guard let answer else {
            throw .contradiction("message \(batch.messageID) came before with another body; give each message an id of its own")
        }
        return try StoreChannelDesk.parse(answer)
    }

    private static func observation(_ delta: IncomingDelta) -> Observation {
        Observation(
            entity: RemoteRef(kind: delta.entity.kind, id: delta.entity.id.text), unit: delta.unit,
            content: delta.value.map { .value($0) } ?? .absent,
            token: delta.clock.map { clock in
                CausalToken(
                    json: .object(JSONObject(clock.map { ($0.actor, .integer(Int64(clamping: $0.count))) })))
            },
            dot: delta.dot.map { DotToken(actor: $0.actor, count: $0.count) }, version: delta.version,
            modified: delta.stamp, event: delta.event)
    }

    private static func answer(
        _ batch: ChannelBatch, _ results: [Observed], _ reading: Reading
    ) throws(StoreError) -> BatchAnswer {
        var answer = BatchAnswer(results: [], refused: batch.refused)
        for (delta, observed) in zip(batch.deltas, results) {
            switch observed {
            case .refused(_, let field, let reason):
                answer.refused.append(RefusedDelta(index: delta.index, field: field, reason: reason))
            case .applied(let unit, let applied):
                answer.results.append(
                    BatchAnswer.Result(
                        index: delta.index, outcome: outcome(applied), sequence: applied.sequence,
                        clock: reading.token(of: applied.clock),
                        value: applied.live == delta.value ? nil : try reading.live(unit) ?? .null))
            case .known(let unit):
                let head = if let unit { try reading.head(unit) } else { Change?.none }
                answer.results.append(
                    BatchAnswer.Result(
                        index: delta.index, outcome: .known, sequence: head?.sequence,
                        clock: reading.token(of: head?.clock ?? VectorClock()), value: nil))
            case .vanished:
                answer.results.append(
                    BatchAnswer.Result(index: delta.index, outcome: .known, sequence: nil, clock: [:], value: nil))
            }
        }
        return answer
    }

    private static func outcome(_ applied: UnitOutcome.Applied) -> BatchAnswer.Outcome {
        switch applied.question {
        case nil: .applied
        case .proposal?: .proposal
        case .overlap?, .choice?, .deletion?, .invalidMerge?: .conflict
        }
    }

    /// Reads back an answer as it was remembered, for the one who asks again.
    private static func parse(_ bytes: [UInt8]) throws(DeskError) -> BatchAnswer {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(bytes) } catch { throw .failed("a remembered answer: \(error)") }
        let results = (json["results"]?.array ?? []).map { result in
            BatchAnswer.Result(
                index: Int(result["index"]?.integer ?? 0),
                outcome: result["outcome"]?.string.flatMap { BatchAnswer.Outcome(rawValue: $0) } ?? .known,
                sequence: result["seq"]?.integer, clock: result["clock"] ?? [:], value: result["value"])
        }
        let refused = (json["rejected"]?.array ?? []).map { refused in
            RefusedDelta(
                index: Int(refused["index"]?.integer ?? 0), field: refused["field"]?.string ?? "",
                reason: refused["reason"]?.string ?? "")
        }
        return BatchAnswer(results: results, refused: refused)
    }
}
