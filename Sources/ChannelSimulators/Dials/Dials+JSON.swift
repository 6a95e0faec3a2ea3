package import Commerce

extension Dials {
    /// Turns the dials an object names and leaves the others.
    ///
    /// - Throws: ``ValidationFailure`` naming the first dial that is unknown or out of range; none is turned then.
    package mutating func turn(_ json: JSON) throws(ValidationFailure) {
        guard let members = json.object else {
            throw ValidationFailure(field: "", reason: "dials must be an object, got \(json.typeName)")
        }
        var turned = self
        for member in members { try turned.turn(member.name, to: member.value) }
        self = turned
    }

    private mutating func turn(_ name: String, to value: JSON) throws(ValidationFailure) {
        switch name {
        case "seed": seed = UInt64(try Dials.integer(name, value, in: 0...Int64.max))
        case "latency_ms":
            guard let pair = value.array, pair.count == 2 else {
                throw ValidationFailure(field: name, reason: "must be [least, most] in milliseconds")
            }
            let least = Int(try Dials.integer(name, pair[0], in: 0...600_000))
            latencyMillisecondsMax = Int(try Dials.integer(name, pair[1], in: Int64(least)...600_000))
            latencyMillisecondsMin = least
        case "fail_before": failBefore = try Dials.chance(name, value)
        case "fail_after": failAfter = try Dials.chance(name, value)
        case "drop_after": dropAfter = try Dials.chance(name, value)
        case "throttle": throttle = try Dials.chance(name, value)
        case "reject": reject = try Dials.chance(name, value)
        case "defer": self.defer = try Dials.chance(name, value)
        case "repeat_pulls": repeatPulls = try Dials.chance(name, value)
        case "stale_reads": staleReads = try Dials.chance(name, value)
        case "reorders_pulls": reordersPulls = try Dials.flag(name, value)
        case "recognises_keys": recognisesKeys = try Dials.flag(name, value)
        case "compares_and_swaps": comparesAndSwaps = try Dials.flag(name, value)
        case "oversells": oversells = try Dials.flag(name, value)
        case "quantities":
            guard value.isNull || value.string.flatMap({ QuantityCapability(rawValue: $0) }) != nil else {
                let known = QuantityCapability.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationFailure(field: name, reason: "must be null or one of \(known)")
            }
            quantities = value.string.flatMap { QuantityCapability(rawValue: $0) }
        case "takes_orders": takesOrders = try Dials.flag(name, value)
        case "digests": digests = try Dials.flag(name, value)
        case "admits_undeclared": admitsUndeclared = try Dials.flag(name, value)
        case "batch_max": batchMax = Int(try Dials.integer(name, value, in: 1...100_000))
        case "rate_per_second":
            requestsPerSecond = value.isNull ? nil : Double(try Dials.integer(name, value, in: 1...1_000_000))
        case "dark":
            guard let text = value.string, let darkness = Darkness(rawValue: text) else {
                throw ValidationFailure(field: name, reason: "must be off, closed or unavailable")
            }
            dark = darkness
        case "generation":
            guard let text = value.string, (1...64).contains(text.utf8.count), !text.contains(":") else {
                throw ValidationFailure(field: name, reason: "must be 1 to 64 bytes without a colon")
            }
            generation = text
        case "families": families = try Dials.words(name, value)
        case "projection": projection = try Dials.rules(name, value)
        case "undeclared": undeclared = try Dials.rules(name, value)
        default: throw ValidationFailure(field: name, reason: "is no dial of this shop")
        }
    }

    package var json: JSON {
        var object = JSONObject([
            ("seed", .integer(Int64(clamping: seed))),
            ("latency_ms", [.integer(Int64(latencyMillisecondsMin)), .integer(Int64(latencyMillisecondsMax))]),
            ("reorders_pulls", .bool(reordersPulls)), ("recognises_keys", .bool(recognisesKeys)),
            ("compares_and_swaps", .bool(comparesAndSwaps)), ("admits_undeclared", .bool(admitsUndeclared)), ("digests", .bool(digests)),
            ("oversells", .bool(oversells)), ("takes_orders", .bool(takesOrders)), ("quantities", quantities.map { .string($0.rawValue) } ?? .null),
            ("batch_max", .integer(Int64(batchMax))), ("dark", .string(dark.rawValue)),
            ("generation", .string(generation)),
            ("rate_per_second", requestsPerSecond.map { .integer(Int64($0)) } ?? .null),
            ("families", families.map { .array($0.map { .string($0) }) } ?? .null),
            ("projection", .array(projection.rules.map(\.json))), ("undeclared", .array(undeclared.rules.map(\.json))),
        ])
        let chances = [
            ("fail_before", failBefore), ("fail_after", failAfter), ("drop_after", dropAfter), ("throttle", throttle),
            ("reject", reject), ("defer", self.defer), ("repeat_pulls", repeatPulls), ("stale_reads", staleReads),
        ]
        for (name, chance) in chances { object[name] = .integer(Int64(chance)) }
        return .object(object)
    }

    private static func chance(_ name: String, _ value: JSON) throws(ValidationFailure) -> Int {
        Int(try integer(name, value, in: 0...1_000))
    }

    private static func integer(
        _ name: String, _ value: JSON, in range: ClosedRange<Int64>
    ) throws(ValidationFailure) -> Int64 {
        guard let number = value.integer, range.contains(number) else {
            throw ValidationFailure(field: name, reason: "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func flag(_ name: String, _ value: JSON) throws(ValidationFailure) -> Bool {
        guard let flag = value.bool else { throw ValidationFailure(field: name, reason: "must be true or false") }
        return flag
    }

    private static func words(_ name: String, _ value: JSON) throws(ValidationFailure) -> [String]? {
        if value.isNull { return nil }
        guard let words = value.array?.compactMap(\.string), words.count == value.array?.count else {
            throw ValidationFailure(field: name, reason: "must be null or an array of strings")
        }
        return words
    }

    /// Reads rules as capabilities spell them; also what a file of rules holds.
    static func rules(_ name: String, _ value: JSON) throws(ValidationFailure) -> Projection {
        guard let list = value.array else { throw ValidationFailure(field: name, reason: "must be an array of rules") }
        var rules: [ProjectionRule] = []
        for (index, item) in list.enumerated() {
            guard let rule = ProjectionRule(json: item) else {
                throw ValidationFailure(field: "\(name)[\(index)]", reason: "is no rule of a projection")
            }
            rules.append(rule)
        }
        return Projection(rules: rules)
    }
}
