import Commerce

@testable import Mall
@testable import SyncDaemon

extension FuzzTarget {
    private static let csvWords = ["\"", "\"\"", ",", "\r\n", "\n", "\r", "\"\n", ",\"", "\",", "\u{FEFF}", "'=", "5\" nail"]

    static let csv = FuzzTarget(
        name: "csv",
        dictionary: csvWords
    ) { bytes in
        let whole = csvPicture(bytes, chunk: max(1, bytes.count))
        for chunk in [1, 3, 7] where csvPicture(bytes, chunk: chunk) != whole { return "in chunks of \(chunk) it reads otherwise" }
        return nil
    }

    static func csvPicture(_ bytes: [UInt8], chunk: Int) -> [String] {
        var limits = CSVParser.Limits()
        limits.cellBytesMax = 300
        limits.recordBytesMax = 600
        limits.cellsMax = 40
        var parser = CSVParser(limits: limits)
        var picture: [String] = []
        func note(_ event: CSVParser.Event) {
            switch event {
            case .row(let row): picture.append("\(row.line): \((0..<row.count).map { row.text($0) })")
            case .fault(let fault): picture.append("\(fault.line):\(fault.byte):\(fault.cell) \(fault.text)")
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

    static let shopify = file("shopify", .shopify, cost: 20)
    static let woocommerce = file("woocommerce", .woocommerce, cost: 20)
    static let jsonLines = file("jsonl", .jsonl, cost: 10)

    /// A whole reader with its interpreter; how the file was cut must not matter, and each fault is placed.
    private static func file(_ name: String, _ format: Mall.CatalogFormat, cost: Int) -> FuzzTarget {
        FuzzTarget(
            name: name,
            dictionary: csvWords + ["{\"key\":\"", "\"units\":{", "\"path\":[", "id:44", " > ", "<b>", "-1", "draft", "Heyi SKU"], cost: cost
        ) { bytes in
            let whole = events(bytes, format, chunk: max(1, bytes.count))
            let cut = events(bytes, format, chunk: 5)
            return whole == cut ? whole.lazy.compactMap { Property.explained($0, mayQuote: true) }.first : "in pieces it reads otherwise"
        }
    }

    /// What is said of a file that is read in pieces of a size.
    static func events(_ bytes: [UInt8], _ format: Mall.CatalogFormat, chunk: Int) -> [String] {
        var said: [String] = []
        func note(_ events: [CatalogEvent]) {
            for event in events {
                switch event {
                case .record(let record): said.append("record on line \(record.line) with \(record.entities.count)")
                case .fault(let fault): said.append(fault.description)
                }
            }
        }
        do throws(InterchangeError) {
            var reader = try format.reader(try InterchangeOptions(locale: "en", currency: "USD", source: "shop"))
            var rest = bytes[...]
            while !rest.isEmpty {
                note(try reader.read(Array(rest.prefix(chunk))))
                rest = rest.dropFirst(chunk)
            }
            note(try reader.finish())
        } catch {
            // What was read before the file turned out unreadable depends on where it was cut.
            return [error.description]
        }
        return said
    }

    static let mapping = FuzzTarget(
        name: "mapping",
        dictionary: ["\"$from\":", "\"$each\":\"a[]\"", "\"$item\":", "\"$words\":{", "\"$as\":\"scaled\"", "\"$digits\":3", "[]", "^.", "{", "}"], cost: 4
    ) { bytes in
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { return nil }
        do throws(InterchangeError) {
            _ = try CatalogMapping(json)
            return nil
        } catch {
            return Property.explained(error.description, mayQuote: true)
        }
    }

    static let configuration = FuzzTarget(
        name: "configuration",
        dictionary: ["\n  ", ": ", "- ", "&a ", "*a", "!!binary ", "|\n", "? ", "---\n", "...\n", "<<: *a", "\t", "%YAML 1.1\n", "channels:"], cost: 40
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(ConfigurationProblems) {
            _ = try Configuration.parse(text, path: "heyi.yaml")
            return nil
        } catch {
            guard !error.problems.isEmpty else { return "refused without a problem" }
            return error.problems.lazy.compactMap { $0.description.isEmpty ? "a problem without words" : nil }.first
        }
    }
}
