import Commerce

/// Reads what tracking services tell: numbers that come as texts, members that come and go, words of any length.
///
/// Nothing of it is trusted to be of its type; what is kept is bounded and without control characters.
struct ReportedValue {
    let json: JSON

    init(_ json: JSON) { self.json = json }

    /// One object and nothing else, of a depth that none of these platforms needs.
    static func parse(_ text: some Sequence<UInt8>, field: String) throws(ValidationFailure) -> ReportedValue {
        let json: JSON
        do { json = try JSON.parse(text, depthMax: 24) } catch { throw ValidationFailure(field: field, reason: "\(error)") }
        guard json.object != nil else { throw ValidationFailure(field: field, reason: "must be an object, got \(json.typeName)") }
        return ReportedValue(json)
    }

    subscript(name: String) -> ReportedValue { ReportedValue(json[name] ?? .null) }

    /// A text or a whole number, as text; empty for everything else.
    func text(max: Int = 64) -> String {
        let text =
            switch json {
            case .string(let text): text
            case .integer(let number): String(number)
            case .bool(let flag): flag ? "true" : "false"
            default: ""
            }
        let visible = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(max)
        var kept = String(String.UnicodeScalarView(visible))[...]
        while kept.last == " " { kept.removeLast() }
        return String(kept.drop { $0 == " " })
    }

    var whole: Int64? { json.integer ?? Int64(text(max: 20)) }
    /// `true` or 1, as itself or as a text.
    var isTrue: Bool { ["true", "1"].contains(text(max: 5).lowercased()) }
    var isAbsent: Bool { json.isNull }

    /// The objects of a list; none for what is no list.
    ///
    /// - Throws: when there are more than any parcel has.
    func list(max: Int, field: String) throws(ValidationFailure) -> [ReportedValue] {
        guard let elements = json.array else { return [] }
        guard elements.count <= max else {
            throw ValidationFailure(field: field, reason: "has \(elements.count) elements, at most \(max) are taken")
        }
        return elements.map(ReportedValue.init)
    }

    /// A parcel's number: what no carrier would print on a label is none.
    func parcelNumber(field: String) throws(ValidationFailure) -> String {
        let number = text(max: 65)
        guard ReportedValue.isParcelNumber(number) else {
            throw ValidationFailure(field: field, reason: "must be 4 to 64 letters, digits, - or _")
        }
        return number
    }

    static func isParcelNumber(_ text: String) -> Bool {
        (4...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

/// How much of one parcel is taken, whatever the size as a whole.
enum ReportLimits {
    /// What a clerk wrote about one event, in characters.
    static let words = 500
    static let place = 120
    /// More than the longest way around the world has.
    static let events = 1_000
    static let parcels = 200
}
