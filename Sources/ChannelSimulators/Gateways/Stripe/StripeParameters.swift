import Commerce

/// Parameters as they came: a form whose names nest in brackets.
struct StripeParameters: Sendable {
    let pairs: [(name: String, value: String)]

    /// nil for what is no form.
    init?(_ text: String) {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let name = StripeParameters.plain(halves[0]), let value = StripeParameters.plain(halves[1]) else { return nil }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    subscript(name: String) -> String? { pairs.last { $0.name == name }?.value }
    func number(_ name: String) -> Int64? { self[name].flatMap { Int64($0) } }

    /// What stands in brackets behind a name: `metadata[a]=b`.
    func members(_ name: String) -> [String: String] {
        var found: [String: String] = [:]
        for pair in pairs where pair.name.hasPrefix("\(name)[") && pair.name.hasSuffix("]") {
            let inner = pair.name.dropFirst(name.count + 1).dropLast()
            if !inner.contains("[") { found[String(inner)] = pair.value }
        }
        return found
    }

    /// Names of what is to be shown in full, in lists without the `data.` before them.
    var expanded: Set<String> {
        Set(pairs.filter { $0.name.hasPrefix("expand[") }.map { $0.value.hasPrefix("data.") ? String($0.value.dropFirst(5)) : $0.value })
    }

    private static func plain(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
