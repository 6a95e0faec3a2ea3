import Commerce

/// Deltas as a channel writes them.
extension AnswerReader {
    static let countMax: Int64 = (1 << 53) - 1
    private static let actorsMax = 1_024

    /// Every delta, or the fault of the first that is wrong.
    func deltas() throws(AnswerFault) -> [Observation] {
        var observations: [Observation] = []
        for element in try page("deltas") { observations.append(try element.delta()) }
        return observations
    }

    /// The deltas that can be read and, beside them, what is wrong with the others.
    func pulledDeltas() throws(AnswerFault) -> ([Observation], [PullFault]) {
        var observations: [Observation] = []
        var faults: [PullFault] = []
        for element in try page("deltas") {
            do throws(AnswerFault) {
                observations.append(try element.rooted.delta())
            } catch {
                faults.append(PullFault(item: element.itemName, field: error.path, reason: error.reason))
            }
        }
        return (observations, faults)
    }

    /// What a delta is about if that much can be read of it, its place otherwise.
    private var itemName: String {
        do throws(AnswerFault) {
            return try member("entity").entity().description
        } catch {
            return path
        }
    }

    func absentEntities() throws(AnswerFault) -> [Observation] {
        var observations: [Observation] = []
        for element in try optional("absent") == nil ? [] : page("absent") {
            observations.append(Observation(entity: try element.entity(), unit: nil, content: .absent))
        }
        return observations
    }

    private func delta() throws(AnswerFault) -> Observation {
        try held(entity: try member("entity").entity(), unit: try member("unit").unit())
    }

    /// What a delta says of a unit that is known from elsewhere.
    func held(entity: RemoteRef, unit: UnitName) throws(AnswerFault) -> Observation {
        Observation(
            entity: entity, unit: unit, content: try content(), token: try clock(), dot: try dot(),
            version: try optional("version")?.mark(), modified: try optional("modified")?.timestamp(),
            event: try optional("event")?.mark())
    }

    private func content() throws(AnswerFault) -> Observation.Content {
        guard let operation = try optional("op") else { return .value(try member("value").value) }
        switch try operation.string() {
        case "set": return .value(try member("value").value)
        case "delete": return .absent
        default: throw operation.fault("must be set or delete")
        }
    }

    func clock() throws(AnswerFault) -> CausalToken? {
        guard let clock = try optional("clock") else { return nil }
        let actors = try clock.object()
        guard actors.count <= AnswerReader.actorsMax else { throw clock.fault("has more than \(AnswerReader.actorsMax) actors") }
        for member in actors {
            let count = AnswerReader(member.value, path: "\(clock.path).\(member.name)")
            _ = try count.integer(in: 0...AnswerReader.countMax)
        }
        return CausalToken(json: clock.value)
    }

    private func dot() throws(AnswerFault) -> DotToken? {
        guard let dot = try optional("dot") else { return nil }
        let count = try dot.member("n").integer(in: 1...AnswerReader.countMax)
        let actor = try dot.member("actor").mark(bytesMax: AnswerLimits.actorBytesMax)
        return DotToken(actor: actor, count: UInt64(count))
    }
}
