import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What a handler gets: an admitted request, its body already whole where the route says so.
struct Exchange: Sendable {
    let request: Request
    let visit: Visit
    let principal: Principal
    /// Empty unless the route takes JSON.
    let body: [UInt8]
    let limits: HTTPLimits

    /// A parameter out of the path, decoded.
    func path(_ name: String) throws(Problem) -> String {
        guard let value = visit.parameters.get(name), !value.isEmpty else {
            throw .invalid(name, "is missing")
        }
        return value
    }

    func query(_ name: String) -> String? { request.uri.queryParameters[Substring(name)].map(String.init) }

    func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

    /// A whole number out of the query.
    func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw .invalid(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A word out of a closed list.
    func word<W: RawRepresentable & CaseIterable>(_ name: String, _: W.Type) throws(Problem) -> W?
    where W.RawValue == String {
        guard let text = query(name) else { return nil }
        guard let word = W(rawValue: text) else {
            throw .invalid(name, "must be one of " + W.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    func flag(_ name: String) throws(Problem) -> Bool {
        switch query(name) {
        case nil, "false", "0": false
        case "true", "1", "": true
        default: throw .invalid(name, "must be true or false")
        }
    }

    func page() throws(Problem) -> PageRequest {
        PageRequest(limit: try integer("limit", in: 1...200, default: 50), after: query("after"))
    }

    /// The body as an object, with nothing in it but the members named.
    func object(_ members: Set<String>) throws -> JSONObject {
        let value = try JSON.parse(body, depthMax: limits.jsonDepthMax)
        guard let object = value.object else { throw Problem.invalid("body", "must be a JSON object, got \(value.typeName)") }
        for name in object.names where !members.contains(name) {
            throw Problem.invalid(name, "is not a member of this request; known are \(members.sorted().joined(separator: ", "))")
        }
        return object
    }
}

extension JSONObject {
    /// A text member, or nil when it is absent or null.
    func text(_ name: String, bytesMax: Int = 1_024) throws(Problem) -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .invalid(name, "must be a string, got \(value.typeName)") }
        guard text.utf8.count <= bytesMax else { throw .invalid(name, "is longer than \(bytesMax) bytes") }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" || $0.value == 0x7F })
        else { throw .invalid(name, "holds a control character") }
        return text
    }

    func requiredText(_ name: String, bytesMax: Int = 1_024) throws(Problem) -> String {
        guard let text = try text(name, bytesMax: bytesMax), !text.isEmpty else { throw .invalid(name, "is required") }
        return text
    }
}

/// Which part of a list is asked for.
struct PageRequest: Hashable, Sendable {
    let limit: Int
    /// Opaque; from the page before.
    let after: String?
}

/// One part of a list.
struct Page<Row: Sendable>: Sendable {
    let rows: [Row]
    /// nil after the last part.
    let next: String?

    init(_ rows: [Row], next: String? = nil) {
        self.rows = rows
        self.next = next
    }

    func json(_ row: (Row) -> JSON) -> JSON {
        ["data": .array(rows.map(row)), "next": next.map(JSON.string) ?? .null]
    }
}
