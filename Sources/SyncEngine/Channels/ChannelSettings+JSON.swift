package import Commerce

extension ChannelSettings {
    /// Reads what ``json`` wrote. Members that are missing or odd take their default:
    /// the configuration was checked before it was stored.
    package init(json: JSON) {
        self.init()
        if let kind = json["kind"]?.string { self.kind = kind }
        if let families = json["families"]?.array { self.families = Set(families.compactMap(\.string)) }
        if let owned = json["owner_of"]?.array { ownerOf = Set(owned.compactMap(\.string)) }
        if let creates = json["creates"]?.bool { self.creates = creates }
        if let deletes = json["deletes"]?.string.flatMap({ Deletes(rawValue: $0) }) { self.deletes = deletes }
        if let push = json["push"]?.bool { self.push = push }
        if let pull = json["pull"]?.bool { self.pull = pull }
        if let every = json["pull_every_ms"]?.integer, every > 0 { pullEvery = .milliseconds(every) }
        if let batch = json["batch_max"]?.integer, batch > 0 { batchMax = Int(clamping: batch) }
        if let rate = json["requests_per_minute"]?.integer, rate > 0 { requestsPerSecond = Double(rate) / 60 }
        if let rules = json["projection"]?.array {
            projection = Projection(rules: rules.compactMap { ProjectionRule(json: $0) })
        }
    }

    package var json: JSON {
        var object = JSONObject()
        object["kind"] = .string(kind)
        if let families { object["families"] = .array(families.sorted().map { .string($0) }) }
        object["owner_of"] = .array(ownerOf.sorted().map { .string($0) })
        object["creates"] = .bool(creates)
        object["deletes"] = .string(deletes.rawValue)
        object["push"] = .bool(push)
        object["pull"] = .bool(pull)
        object["pull_every_ms"] = .integer(pullEvery.milliseconds)
        object["batch_max"] = .integer(Int64(batchMax))
        if let requestsPerSecond { object["requests_per_minute"] = .integer(Int64((requestsPerSecond * 60).rounded())) }
        object["projection"] = .array(projection.rules.map(\.json))
        return .object(object)
    }
}
