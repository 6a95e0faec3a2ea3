package import Commerce

/// Why the shop refuses a whole request, as it says so on the wire.
package struct ShopProblem: Error, Hashable, Sendable {
    package let status: Int
    /// One word a program can switch on.
    package let type: String
    package let detail: String
    /// The member at fault; empty when it is no single one.
    package var field = ""
    /// Seconds to stay away.
    package var retryAfter: Int?
    /// Sent in place of a problem document, where the protocol asks for another body.
    package var body: JSON?

    init(_ status: Int, _ type: String, _ detail: String, field: String = "", retryAfter: Int? = nil, body: JSON? = nil) {
        self.status = status
        self.type = type
        self.detail = detail
        self.field = field
        self.retryAfter = retryAfter
        self.body = body
    }

    package var json: JSON {
        if let body { return body }
        var object = JSONObject([
            ("type", .string(type)), ("title", .string(detail)), ("status", .integer(Int64(status))),
            ("detail", .string(detail)),
        ])
        if !field.isEmpty {
            object["field"] = .string(field)
            object["reason"] = .string(detail)
            object["errors"] = [["field": .string(field), "reason": .string(detail)]]
        }
        return .object(object)
    }
}
