import ChannelAdapters
import ConflictResolution

@testable import Commerce
@testable import Mall

extension FuzzTarget {
    static let names = FuzzTarget.text(
        "names", dictionary: ["@", ".", "/", ":", "-", "_", "text", "product/", "ch:web:", "zh", "extra."]
    ) { text in
        if let unit = UnitName(text) {
            let spelled = unit.family + (unit.qualifier.map { "." + $0 } ?? "") + (unit.channel.map { "@\($0)" } ?? "")
            guard spelled == text, !text.contains("/"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                return "the unit falls apart into \(spelled)"
            }
        }
        for printable in [EntityRef(text)?.description, ChannelID(text)?.text, LanguageTag(text)?.text, Currency(text)?.code] {
            if let printable, printable.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) { return "a name that is not plain" }
        }
        return Property.roundTrip(EntityRef(text), print: \.description) { EntityRef($0) }
            ?? Property.roundTrip(ActorIdentity(text), print: \.description) { ActorIdentity($0) }
    }

    static let money = FuzzTarget.text(
        "money", dictionary: [".", "-", "00", "999999999999999", " "]
    ) { text in
        for code in ["CNY", "JPY", "KWD"] {
            guard let currency = Currency(code) else { return "no \(code)" }
            func read(_ text: String) -> Money? {
                do throws(MoneyError) { return try Money(parsing: text, currency: currency, negativeAllowed: true) } catch { return nil }
            }
            let money = read(text)
            if let money, abs(money.amount) > Money.amountMax { return "an amount of \(money.amount)" }
            if let complaint = Property.roundTrip(money, print: \.decimal, read: read) { return complaint }
            // The reader of files takes the same amounts, and more forms of them.
            if let money, scaled(text, currency.digits) != money.amount { return "two readers of decimals disagree" }
        }
        return Property.roundTrip(scaled(text, 3), print: { DecimalText.text($0, digits: 3) }) { scaled($0, 3) }
    }

    private static func scaled(_ text: String, _ digits: Int) -> Int64? {
        do throws(DecimalText.Failure) { return try DecimalText.scaled(text, digits: digits) } catch { return nil }
    }

    static let cells = FuzzTarget.text(
        "cells", dictionary: [",", "\\", ">", " > ", "'", "\t", "="]
    ) { text in
        let list = CellList.split(text)
        if CellList.split(CellList.joined(list)) != list { return "the list \(list) does not come back" }
        let path = CategoryPath.split(text)
        if CategoryPath.split(CategoryPath.joined(path)) != path { return "the path \(path) does not come back" }
        let guarded = FormulaGuard.guarded(text)
        let bytes = Array(guarded.utf8)
        let bare = String(decoding: bytes[FormulaGuard.withoutGuard(bytes, 0..<bytes.count)], as: UTF8.self)
        if !bare.hasSameBytes(as: text) { return "guarded and read back it is \(bare.debugDescription)" }
        guard let first = guarded.utf8.first, [UInt8]("=+-@\t\r".utf8).contains(first) else { return nil }
        return Double(guarded) == nil ? "a spreadsheet would run \(guarded.debugDescription)" : nil
    }

    static let markup = FuzzTarget(
        name: "markup",
        dictionary: ["<script", "</", "<a href=", "javascript:", "&#x6a;", "<!--", "-->", "<svg/onload=", "style=", "<iframe>", "\"'", "&lt;", "&amp;lt;", "&#0;"]
    ) { bytes in
        let html = String(decoding: bytes, as: UTF8.self)
        let clean = Markup.sanitised(html)
        guard Markup.sanitised(clean).hasSameBytes(as: clean) else { return "sanitised twice it is \(Markup.sanitised(clean).debugDescription)" }
        guard clean.utf8.count <= html.utf8.count * 6 + 4_000 else { return "grew to \(clean.utf8.count) bytes" }
        let low = clean.lowercased()
        for tag in ["<script", "<iframe", "<svg", "<style", "<object", "<!--"] where low.contains(tag) { return "\(tag) is left" }
        for text in [Markup.text(of: html), Markup.text(of: clean)] where !Markup.text(of: text).hasSameBytes(as: text) {
            return "the text of its text is another"
        }
        return nil
    }
}
