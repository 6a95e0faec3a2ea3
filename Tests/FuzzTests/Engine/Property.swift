/// What a target says of one input.
enum Property {
    /// What is read, printed and read again must be the same; what was refused has to be explained.
    static func roundTrip<Value: Equatable>(_ value: Value?, print: (Value) -> String, read: (String) -> Value?) -> String? {
        guard let value else { return nil }
        let printed = print(value)
        guard let again = read(printed) else { return "\(value) is printed \(printed.debugDescription), which is not read" }
        return again == value ? nil : "\(value) is printed \(printed.debugDescription), which is read as \(again)"
    }

    /// An error for people: it says something, and cannot forge a line or steer a terminal.
    static func explained(_ text: String, mayQuote: Bool = false) -> String? {
        if text.isEmpty { return "refused without a word" }
        if text.utf8.count > 2_000 { return "refused with \(text.utf8.count) bytes of error" }
        let controls = text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F }
        return controls && !mayQuote ? "the error has control characters: \(text.debugDescription)" : nil
    }
}
