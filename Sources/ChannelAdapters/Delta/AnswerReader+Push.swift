import Commerce

/// The answers to `GET capabilities` and `POST deltas`.
extension AnswerReader {
    func capabilities() throws(AnswerFault) -> Capabilities {
        let name = try member("protocol")
        guard try name.string() == "heyi-delta/1" else { throw name.fault("must be heyi-delta/1") }
        return Capabilities(
            keepsClocks: try member("clocks").bool(),
            comparesAndSwaps: try optional("compare_and_swap")?.bool() ?? false,
            recognisesKeys: try optional("idempotent")?.bool() ?? false,
            families: try optional("units")?.families(),
            batchMax: Int(try member("batch_max").integer(in: 1...100_000)),
            requestsPerSecond: try optional("rate_per_second")?.amount(),
            projection: try optional("projection")?.projection() ?? Projection(),
            generation: try member("generation").mark(),
            actorName: try optional("actor")?.mark(bytesMax: AnswerLimits.actorBytesMax),
            digests: try optional("digests")?.bool() ?? false,
            quantities: try optional("quantities")?.quantityCapability(),
            orders: try optional("orders")?.bool() ?? false)
    }

    /// Matches the answer's lists with the deltas sent. A delta in no list is stored as it
    /// was sent, or was not reached yet when it lies past `ack`.
    func pushAnswer(to batch: PushBatch) throws(AnswerFault) -> PushAnswer {
        let acknowledged = try member("ack").integer(in: batch.from...max(batch.from, batch.to))
        var outcomes: [Int64: PushOutcome] = [:]
        let sent = Dictionary(batch.deltas.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
        try place(in: &outcomes, "held", sent) { entry, _ throws(AnswerFault) in
            let value = try entry.optional("value")?.value
            return .stored(
                holding: Holding(
                    value: value, token: try entry.clock(), version: try entry.optional("version")?.mark()))
        }
        try place(in: &outcomes, "stale", sent) { entry, delta throws(AnswerFault) in
            .stale(try entry.held(entity: delta.entity, unit: delta.unit))
        }
        try place(in: &outcomes, "rejected", sent) { entry, _ throws(AnswerFault) in
            .rejected(field: try entry.optional("field")?.string() ?? "", reason: try entry.member("reason").string())
        }
        try place(in: &outcomes, "deferred", sent) { entry, _ throws(AnswerFault) in
            .deferred(retryAfter: try entry.optional("retry_after")?.duration())
        }
        return PushAnswer(
            outcomes: batch.deltas.map { delta in
                outcomes[delta.sequence]
                    ?? (delta.sequence <= acknowledged ? .stored(holding: nil) : .deferred(retryAfter: nil))
            })
    }

    private func place(
        in outcomes: inout [Int64: PushOutcome], _ list: String, _ sent: [Int64: OutgoingDelta],
        read: (AnswerReader, OutgoingDelta) throws(AnswerFault) -> PushOutcome
    ) throws(AnswerFault) {
        for entry in try optionalElements(list) {
            let number = try entry.member("seq")
            let sequence = try number.integer(in: 0...Int64.max)
            guard let delta = sent[sequence] else { throw number.fault("was not sent in this batch") }
            guard outcomes[sequence] == nil else { throw number.fault("is answered twice") }
            outcomes[sequence] = try read(entry, delta)
        }
    }
}
