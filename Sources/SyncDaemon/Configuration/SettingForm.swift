import Commerce

/// How the text of a setting becomes a value, and what to say when it does not.
struct SettingForm<Value> {
    /// Completes "… must be".
    let expectation: String
    /// Whether what was written must not be repeated in a problem.
    var hidesValue = false
    let parse: (String) -> Value?

    init(expectation: String, hidesValue: Bool = false, parse: @escaping (String) -> Value?) {
        self.expectation = expectation
        self.hidesValue = hidesValue
        self.parse = parse
    }
}

extension SettingForm where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(expectation: "\(range.lowerBound)…\(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number of bytes: `65536`, `64KiB`, `4MiB`.
    static func bytes(_ range: ClosedRange<Int>) -> Self {
        Self(expectation: "a size between \(size(range.lowerBound)) and \(size(range.upperBound)) such as 512KiB or 4MiB") { text in
            let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)]
            let unit = units.first { text.hasSuffix($0.0) }
            let digits = text.dropLast(unit?.0.count ?? 0)
            guard let number = Int(digits), number >= 0, number < 1 << 32 else { return nil }
            let bytes = number << (unit?.1 ?? 0)
            return range.contains(bytes) ? bytes : nil
        }
    }

    private static func size(_ bytes: Int) -> String {
        bytes >= 1 << 20 ? "\(bytes >> 20)MiB" : bytes >= 1 << 10 ? "\(bytes >> 10)KiB" : "\(bytes)"
    }
}

extension SettingForm where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> Self {
        Self(expectation: "\(short(range.lowerBound))…\(short(range.upperBound))") { text in
            guard text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
            return Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}

extension SettingForm where Value == Bool {
    /// Only `true` and `false`: YAML's `yes`, `no`, `on`, `off` have surprised too many.
    static var flag: Self {
        Self(expectation: "true or false") { ["true": true, "false": false][$0] }
    }
}

extension SettingForm where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self(
            expectation: "a time between \(DurationText.write(range.lowerBound)) and \(DurationText.write(range.upperBound)) such as 500ms, 30s, 5m, 12h or 7d"
        ) { text in
            DurationText.read(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SettingForm where Value == String {
    static var absolutePath: Self {
        Self(expectation: "a path that begins with /") { $0.hasPrefix("/") && !$0.contains("\0") ? $0 : nil }
    }

    /// Also fits the kernel's limit for addresses of UNIX sockets.
    static var socketPath: Self {
        Self(expectation: "a path that begins with / and has at most 107 bytes") { text in
            text.hasPrefix("/") && text.utf8.count <= 107 && !text.contains("\0") ? text : nil
        }
    }

    /// A family of units: `text`, `price`.
    static var family: Self {
        Self(expectation: "a family of units such as text or price") { UnitName($0)?.family == $0 ? $0 : nil }
    }

    static var endpoint: Self {
        Self(expectation: "an address such as https://shop.example/heyi, without user, query or fragment") { text in
            guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
            let rest = text.dropFirst(scheme.count)
            let host = rest.prefix { $0 != "/" }
            let clean = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
            guard clean, !host.isEmpty, !host.contains("@"), !rest.contains("?"), !rest.contains("#") else { return nil }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }
}

extension SettingForm where Value == ListenAddress {
    static var address: Self {
        Self(expectation: "host:port such as 127.0.0.1:8470 or [::1]:8470") { ListenAddress($0) }
    }
}

extension SettingForm where Value == ChannelID {
    static var channel: Self {
        Self(expectation: "1 to 32 of a-z 0-9 - beginning with a letter") { ChannelID($0) }
    }
}

extension SettingForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        let listed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return Self(expectation: listed) { Value(rawValue: $0) }
    }
}

extension SettingForm where Value == String {
    static var locale: Self {
        Self(expectation: "a language tag such as zh-CN or en") { LanguageTag($0) == nil ? nil : $0 }
    }

    static var currency: Self {
        Self(expectation: "a currency code of three capital letters such as CNY") { Currency($0) == nil ? nil : $0 }
    }
}
