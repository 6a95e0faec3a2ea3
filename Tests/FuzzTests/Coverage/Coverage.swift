// Compiled by scripts/fuzz alone, into one module with the readers it drives; no part of the package.
import Glibc

@_cdecl("LLVMFuzzerTestOneInput")
public func takeInput(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    switch target {
    case "markup": markup(String(decoding: bytes, as: UTF8.self))
    case "values": values(bytes)
    case "names": names(String(decoding: bytes, as: UTF8.self))
    case "csv": csv(bytes)
    case "response": response(bytes)
    default: json(bytes)
    }
    return 0
}

private let target = getenv("HEYI_FUZZ").map { String(cString: $0) } ?? "json"

private func json(_ bytes: [UInt8]) {
    guard let value = try? JSON.parse(bytes) else { return }
    let again = try? JSON.parse(value.bytes)
    precondition(again == value && again?.bytes == value.bytes, "printed and read again it is another value")
}

private func markup(_ html: String) {
    let clean = Markup.sanitised(html)
    precondition(Markup.sanitised(clean).hasSameBytes(as: clean), "sanitising twice is not sanitising once")
    let text = Markup.text(of: html)
    precondition(Markup.text(of: text).hasSameBytes(as: text), "the text of its text is another")
}

private func values(_ bytes: [UInt8]) {
    guard let value = try? JSON.parse(bytes) else { return }
    for unit in UnitCatalog.all {
        guard let normal = try? unit.validate(value) else { continue }
        precondition((try? unit.validate(normal)) == normal, "the normal form has another normal form")
    }
}

private func names(_ text: String) {
    if let unit = UnitName(text) { _ = (unit.family, unit.qualifier, unit.channel) }
    if let entity = EntityRef(text) { precondition(EntityRef(entity.description) == entity) }
    _ = (LanguageTag(text), Currency(text), Barcode.checkDigitHolds(text))
    for code in ["CNY", "JPY", "KWD"] {
        guard let currency = Currency(code), let money = try? Money(parsing: text, currency: currency, negativeAllowed: true) else { continue }
        precondition((try? Money(parsing: money.decimal, currency: currency, negativeAllowed: true)) == money)
    }
}

private func csv(_ bytes: [UInt8]) {
    func picture(_ chunk: Int) -> [String] {
        var limits = CSVParser.Limits()
        limits.cellBytesMax = 300
        limits.recordBytesMax = 600
        limits.cellsMax = 40
        var parser = CSVParser(limits: limits)
        var picture: [String] = []
        func note(_ event: CSVParser.Event) {
            switch event {
            case .row(let row): picture.append("\(row.line) \((0..<row.count).map { row.text($0) })")
            case .fault(let fault): picture.append("\(fault.line) \(fault.text)")
            }
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            parser.read(Array(rest.prefix(chunk)), note)
            rest = rest.dropFirst(chunk)
        }
        parser.finish(note)
        return picture
    }
    precondition(picture(max(1, bytes.count)) == picture(3), "in chunks it reads otherwise")
}

private func response(_ bytes: [UInt8]) {
    func body(_ chunk: Int) -> [UInt8] {
        var parser = ResponseParser()
        var body: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            do { try parser.consume(rest.prefix(chunk)) { some in body += some } } catch { return body }
            rest = rest.dropFirst(chunk)
        }
        return body
    }
    precondition(body(max(1, bytes.count)) == body(3), "the pieces make another body")
}
