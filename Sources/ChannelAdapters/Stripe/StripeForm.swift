import Commerce

/// Parameters as Stripe takes them: a form whose names nest in brackets, `metadata[order]=…` and `items[0][price]=…`.
struct StripeForm: Sendable {
    indirect enum Value: Sendable {
        case text(String)
        case number(Int64)
        case flag(Bool)
        case list([Value])
        case members([(String, Value)])
    }

    /// Names and values in the order given, before they are escaped.
    let pairs: [(name: String, value: String)]

    init(_ members: [(String, Value?)]) {
        pairs = members.flatMap { name, value in value.map { StripeForm.flatten(name, $0) } ?? [] }
    }

    /// As body or query; brackets stay as they are, which is how the maker's own clients write them.
    var text: String {
        pairs.map { "\(StripeForm.escapedName($0.name))=\(ChannelEndpoint.escaped($0.value))" }.joined(separator: "&")
    }

    private static func flatten(_ name: String, _ value: Value) -> [(name: String, value: String)] {
        switch value {
        case .text(let text): [(name, text)]
        case .number(let number): [(name, String(number))]
        case .flag(let flag): [(name, flag ? "true" : "false")]
        case .list(let values): values.enumerated().flatMap { flatten("\(name)[\($0.offset)]", $0.element) }
        case .members(let members): members.flatMap { flatten("\(name)[\($0.0)]", $0.1) }
        }
    }

    private static func escapedName(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1 == "[" || $1 == "]" ? String($1) : ChannelEndpoint.escaped(String($1)) }
    }
}
