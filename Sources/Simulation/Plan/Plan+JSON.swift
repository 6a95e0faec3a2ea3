import ChannelAdapters
import ChannelSimulators
package import Commerce

extension Plan {
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("seed", .string(String(seed))),
            ("planted", planted.map { .string($0.name) } ?? .null),
            ("pull_seconds", .integer(Int64(pullSeconds))),
            ("compare_seconds", .integer(Int64(compareSeconds))),
            ("channels", .array(channels.map(\.json))),
            ("steps", .array(steps.map(\.json))),
            ("later", .array(later.map(\.json))),
        ]
        if !platforms.isEmpty { members.append(("platforms", .array(platforms.map(\.json)))) }
        return .object(JSONObject(members))
    }

    /// Reads a plan as ``json`` writes it.
    ///
    /// - Throws: ``ValidationFailure`` naming the member.
    package init(json: JSON) throws(ValidationFailure) {
        guard let seed = json["seed"]?.string.flatMap({ UInt64($0) }) else {
            throw ValidationFailure(field: "seed", reason: "must be a number from 0 to 2^64-1 as text")
        }
        var planted: Mistake?
        if let name = json["planted"]?.string {
            planted = Mistake(name)
            if planted == nil { throw ValidationFailure(field: "planted", reason: "\(name) is no planted fault") }
        }
        var channels: [Channel] = []
        for (index, channel) in (json["channels"]?.array ?? []).enumerated() {
            channels.append(try Channel(json: channel, at: "channels[\(index)]"))
        }
        guard channels.count == 4 else { throw ValidationFailure(field: "channels", reason: "must be four") }
        guard let pullSeconds = json["pull_seconds"]?.integer, (1...3_600).contains(pullSeconds) else {
            throw ValidationFailure(field: "pull_seconds", reason: "must be from 1 to 3600")
        }
        let compareSeconds = json["compare_seconds"]?.integer ?? 0
        guard (0...86_400).contains(compareSeconds) else {
            throw ValidationFailure(field: "compare_seconds", reason: "must be from 0 to 86400")
        }
        let platforms = try (json["platforms"]?.array ?? []).map { platform throws(ValidationFailure) in try Platform(json: platform) }
        guard platforms.count <= Platforms.most else {
            throw ValidationFailure(field: "platforms", reason: "must be \(Platforms.most) at most")
        }
        self.init(
            seed: seed, channels: channels, pullSeconds: Int(pullSeconds), compareSeconds: Int(compareSeconds),
            steps: try Plan.steps(json, "steps"), later: try Plan.steps(json, "later"), planted: planted, platforms: platforms)
    }

    private static func steps(_ json: JSON, _ member: String) throws(ValidationFailure) -> [Step] {
        var steps: [Step] = []
        for (index, step) in (json[member]?.array ?? []).enumerated() {
            steps.append(try Step(json: step, at: "\(member)[\(index)]"))
        }
        return steps
    }
}

extension Plan.Platform {
    fileprivate var json: JSON {
        var object = dials.json.object ?? JSONObject()
        object["kind"] = .string(kind.rawValue)
        return .object(object)
    }

    fileprivate init(json: JSON) throws(ValidationFailure) {
        var turned = json.object ?? JSONObject()
        guard let kind = turned["kind"]?.string.flatMap({ GatewayKind(rawValue: $0) }), Self.kinds.contains(kind) else {
            throw ValidationFailure(field: "platforms.kind", reason: "must be one of \(Self.kinds.map(\.rawValue).joined(separator: ", "))")
        }
        turned["kind"] = nil
        var dials = GatewayDials()
        try dials.turn(.object(turned))
        self.init(kind: kind, dials: dials)
    }
}

extension Plan.Channel {
    private typealias Strength = (name: String, path: any WritableKeyPath<SimulatedChannel.Habits, Int> & Sendable)
    private static let strengths: [Strength] = [
        ("refuses", \.refuses), ("loses_request", \.losesRequest), ("loses_answer", \.losesAnswer), ("fails", \.fails),
        ("stores_then_fails", \.storesThenFails), ("throttles", \.throttles), ("rejects_delta", \.rejectsDelta),
        ("defers_delta", \.defersDelta), ("repeats", \.repeats), ("forgets", \.forgets),
        ("storm_every", \.stormEvery), ("storm_lasts", \.stormLasts),
    ]

    fileprivate var json: JSON {
        var object = JSONObject([("name", .string(name)), ("keeps_clocks", .bool(keepsClocks))])
        if !traits.isEmpty { object["traits"] = .array(traits.map(\.rawValue).sorted().map { .string($0) }) }
        for (name, path) in Plan.Channel.strengths where habits[keyPath: path] > 0 {
            object[name] = .integer(Int64(habits[keyPath: path]))
        }
        if habits.delayMax > 0 { object["delay_max"] = .integer(habits.delayMax) }
        if habits.staleMax > 0 { object["stale_max"] = .integer(habits.staleMax) }
        if habits.shufflesPulls { object["shuffles_pulls"] = true }
        return .object(object)
    }

    fileprivate init(json: JSON, at place: String) throws(ValidationFailure) {
        guard let name = json["name"]?.string, ChannelID(name) != nil, let keepsClocks = json["keeps_clocks"]?.bool else {
            throw ValidationFailure(field: place, reason: "needs name and keeps_clocks")
        }
        var habits = SimulatedChannel.Habits()
        for (name, path) in Plan.Channel.strengths { habits[keyPath: path] = Int(clamping: json[name]?.integer ?? 0) }
        habits.delayMax = json["delay_max"]?.integer ?? 0
        habits.staleMax = json["stale_max"]?.integer ?? 0
        habits.shufflesPulls = json["shuffles_pulls"]?.bool ?? false
        let traits = (json["traits"]?.array ?? []).compactMap { $0.string.flatMap { SimulatedChannel.Trait(rawValue: $0) } }
        self.init(name: name, keepsClocks: keepsClocks, traits: Set(traits), habits: habits)
    }
}

extension Step {
    fileprivate var json: JSON {
        .array([
            .string(kind.rawValue), .integer(Int64(channel)), .integer(Int64(unit)), .integer(Int64(number)),
            .integer(Int64(pause)),
        ])
    }

    fileprivate init(json: JSON, at place: String) throws(ValidationFailure) {
        guard let parts = json.array, parts.count == 5, let kind = parts[0].string.flatMap({ Kind(rawValue: $0) }) else {
            throw ValidationFailure(field: place, reason: "must be [kind, channel, unit, number, pause]")
        }
        let numbers = parts[1...].compactMap { $0.integer.flatMap { Int(exactly: $0) } }
        guard numbers.count == 4, (0..<4).contains(numbers[0]), (0..<World.unitCount).contains(numbers[1]),
            numbers[2] >= 0, (0...86_400_000).contains(numbers[3])
        else { throw ValidationFailure(field: place, reason: "names a channel, a unit or a pause that cannot be") }
        self.init(kind, channel: numbers[0], unit: numbers[1], number: numbers[2], pause: numbers[3])
    }
}
