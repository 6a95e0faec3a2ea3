/// The checks of units that are a few plain members.
enum PlainValues {
    typealias Check = @Sendable (JSON) throws(ValidationFailure) -> JSON

    static let life: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["state"])
        try reader.word("state", of: ["live", "deleted"])
        return reader.result
    }

    static let shelf: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["state", "on_at", "off_at"])
        try reader.word("state", of: shelfStates)
        let on = try reader.integer("on_at", in: PriceValue.instants)
        let off = try reader.integer("off_at", in: PriceValue.instants)
        if let on, let off, on >= off { throw reader.fail("off_at", "must be later than on_at") }
        return reader.result
    }

    /// Most restrictive first.
    static let shelfStates = ["off", "draft", "on"]

    static let brand: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["id", "name"])
        let id = try reader.id("id")
        let name = try reader.text("name", max: 255)
        guard (id == nil) != (name == nil) else { throw reader.fail("", "needs either id or name") }
        return reader.result
    }

    static let tax: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["class"])
        try reader.text("class", max: 64, required: true)
        return reader.result
    }

    static let visibility: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["shown"])
        try reader.bool("shown", required: true)
        return reader.result
    }

    static let unitOfSale: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["name"])
        try reader.text("name", max: 32, required: true)
        return reader.result
    }

    static let place: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["parent", "position"])
        try reader.id("parent")
        try reader.integer("position", in: 0...1_000_000_000)
        return reader.result
    }

    static let declaredStock: Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["quantity", "policy"])
        // Foreign exports carry negative quantities for goods sold on back-order.
        try reader.integer("quantity", in: -1_000_000_000...1_000_000_000, required: true)
        try reader.word("policy", of: ["deny", "continue"], required: false)
        return reader.result
    }

    /// One required whole number.
    static func number(_ name: String, in range: ClosedRange<Int64>) -> Check {
        { value throws(ValidationFailure) in
            var reader = try ValueReader(value, allowed: [name])
            try reader.integer(name, in: range, required: true)
            return reader.result
        }
    }

    /// An object whose members have free names and short or long texts as values.
    static func names(to max: Int, countMax: Int, lines: Bool) -> Check {
        { value throws(ValidationFailure) in
            guard case .object(let object) = value else {
                throw ValidationFailure(field: "", reason: "must be an object, got \(value.typeName)")
            }
            guard object.count <= countMax else {
                throw ValidationFailure(field: "", reason: "has \(object.count) members, at most \(countMax) are allowed")
            }
            var members: [(String, JSON)] = []
            for member in object where !member.value.isNull {
                let shown = String(member.name.prefix(60))
                let name = try Wording.check(member.name, field: shown, max: 255)
                guard !name.isEmpty, name.hasSameBytes(as: member.name) else {
                    throw ValidationFailure(field: shown, reason: "a name must not be empty or padded with spaces")
                }
                members.append((name, .string(try Wording.check(member.value, field: shown, max: max, lines: lines))))
            }
            return .object(JSONObject(members))
        }
    }
}
