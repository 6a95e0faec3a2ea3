import ChannelAdapters
package import Commerce

extension ShopSimulator {
    package func capabilities() -> JSON {
        var object = JSONObject([
            ("protocol", "heyi-delta/1"), ("generation", .string(dials.generation)),
            ("clocks", .bool(face == .deltaWithClocks)), ("batch_max", .integer(Int64(dials.batchMax))),
            ("units", dials.families.map { .array($0.map { .string($0) }) } ?? .null),
            ("compare_and_swap", .bool(face != .deltaWithClocks && dials.comparesAndSwaps)),
            ("idempotent", .bool(dials.recognisesKeys)), ("digests", .bool(dials.digests)),
            ("projection", .array(dials.projection.rules.map(\.json))),
        ])
        if face == .deltaWithClocks { object["actor"] = .string(actorName) }
        if dials.takesOrders { object["orders"] = true }
        if let quantities = dials.quantities { object["quantities"] = .string(quantities.rawValue) }
        if let rate = dials.requestsPerSecond { object["rate_per_second"] = .integer(Int64(rate)) }
        return .object(object)
    }

    /// Takes a batch from the hub. One bad delta is rejected alone; the others are stored.
    package func receive(_ batch: JSON) throws(ShopProblem) -> JSON {
        guard let from = batch["from"]?.integer, let to = batch["to"]?.integer, from <= to else {
            throw ShopProblem(422, "invalid", "from and to are required integers, from not above to", field: "from")
        }
        guard let deltas = batch["deltas"]?.array else {
            throw ShopProblem(422, "invalid", "is required and must be an array", field: "deltas")
        }
        guard deltas.count <= dials.batchMax else {
            throw ShopProblem(413, "too_many", "a batch may hold \(dials.batchMax) deltas, got \(deltas.count)")
        }
        hubGeneration = batch["generation"]?.string ?? hubGeneration
        var lists: [Verdict.List: [JSON]] = [:]
        for (index, delta) in deltas.enumerated() {
            guard let sequence = delta["seq"]?.integer else {
                throw ShopProblem(422, "invalid", "is required and must be an integer", field: "deltas[\(index)].seq")
            }
            guard case .listed(let list, var members) = verdict(on: delta) else { continue }
            members["seq"] = .integer(sequence)
            lists[list, default: []].append(.object(members))
        }
        var answer = JSONObject([("ack", .integer(to))])
        for list in Verdict.List.allCases { answer[list.rawValue] = .array(lists[list] ?? []) }
        return .object(answer)
    }

    /// What becomes of one delta.
    enum Verdict: Sendable {
        enum List: String, CaseIterable, Sendable { case held, stale, rejected, deferred }

        /// Stored exactly as sent.
        case stored
        case listed(List, JSONObject)

        static func held(_ held: HeldUnit) -> Verdict {
            var members = JSONObject([("value", held.value ?? .null)])
            if held.clock == SeenCounts() {
                members["version"] = .string(String(held.version))
            } else {
                members["clock"] = held.clock.json
            }
            return .listed(.held, members)
        }

        static func rejected(_ field: String, _ reason: String) -> Verdict {
            .listed(.rejected, JSONObject([("field", .string(field)), ("reason", .string(reason))]))
        }
    }

    private func verdict(on delta: JSON) -> Verdict {
        if dice.falls(dials.defer) { return .listed(.deferred, JSONObject([("retry_after", 1)])) }
        if dice.falls(dials.reject) { return .rejected("value", "the shop will not have it") }
        let asked: Observation
        let clock: SeenCounts
        do throws(ValidationFailure) {
            asked = try DeltaCoding.observation(from: delta)
            clock = try SeenCounts(json: delta["clock"] ?? [:])
        } catch {
            return .rejected(error.field, error.reason)
        }
        guard let unit = asked.unit else { return .rejected("unit", "is required") }
        if let families = dials.families, !families.contains(unit.family) {
            return .rejected("unit", "\(unit.family) is no family this shop takes")
        }
        let request = ShopSimulator.request(delta)
        let operation = delta["op_id"]?.string
        if dials.recognisesKeys, let operation, let known = remembered[operation] {
            guard known.request == request else { return .rejected("op_id", "was used for another delta before") }
            return known.answer?.object.map { .listed(.held, $0) } ?? .stored
        }
        let value: JSON? = if case .value(let value) = asked.content { value } else { nil }
        let write = HubWrite(
            entity: asked.entity, unit: unit, sent: value, clock: clock, expecting: delta["expect"]?.string,
            operation: operation ?? "")
        let verdict = face == .deltaWithClocks ? receiveByClock(write) : receiveByVersion(write)
        if let operation {
            switch verdict {
            case .stored: remembered[operation] = RememberedAnswer(request: request, answer: nil)
            case .listed(.held, let members):
                remembered[operation] = RememberedAnswer(request: request, answer: .object(members))
            // Nothing was done, so the next attempt is looked at afresh.
            case .listed: break
            }
        }
        return verdict
    }

    /// What makes two deltas the same request: all but their place in the feed and what they expect.
    private static func request(_ delta: JSON) -> JSON {
        var members = delta.object ?? JSONObject()
        members["seq"] = nil
        members["expect"] = nil
        return .object(members)
    }
}
