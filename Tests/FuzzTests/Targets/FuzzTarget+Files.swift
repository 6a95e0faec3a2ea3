import Commerce

@testable import Mall
@testable import SyncDaemon

extension FuzzTarget {
    private static let csvWords = ["\"", "\"\"", ",", "\r\n", "\n", "\r", "\"\n", ",\"", "\",", "\u{FEFF}", "'=", "5\" nail"]

    static let csv = FuzzTarget(
        name: "csv",
        seeds: ["a,b\r\n\"x,\"\"y\"\"\r\nz\",\n,后\n", "a\n\"open\n2,ok\n3,\"fine\"\n", "\u{FEFF}a;b\n1;2", "a,b\rc,d\r"],
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

    static let shopify = file(
        "shopify", .shopify,
        "Handle,Title,Body (HTML),Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Grams,Image Src,Status\n"
            + "cup,Cup,<p>x</p>,Kiln,\"a, b\",Size,S,C-1,12.50,300,https://x.y/a.jpg,active\ncup,,,,,,L,C-2,13,,,\n", cost: 20)
    static let woocommerce = file(
        "woocommerce", .woocommerce,
        "ID,Type,SKU,Name,Published,Regular price,Sale price,Categories,Parent,Attribute 1 name,Attribute 1 value(s),Weight (kg),Stock\n"
            + "44,variable,,Cup,1,,,\"Home > Tea\",,Size,\"S, L\",,\n45,variation,C-1,Cup S,1,12.50,10,,id:44,Size,S,0.3,5\n", cost: 20)
    static let jsonLines = file(
        "jsonl", .jsonl,
        #"{"kind":"brand","key":"kiln","units":{"text.en":{"title":"Kiln"}}}"# + "\n"
            + #"{"kind":"sku","key":"c","units":{"identity":{"product":{"key":"cup"},"code":"C"},"price.CNY":{"amount":9900}}}"# + "\n", cost: 10)

    /// A whole reader with its interpreter; how the file was cut must not matter, and each fault is placed.
    private static func file(_ name: String, _ format: Mall.CatalogFormat, _ seed: String, cost: Int) -> FuzzTarget {
        FuzzTarget(
            name: name, seeds: [seed],
            dictionary: csvWords + ["{\"key\":\"", "\"units\":{", "\"path\":[", "id:44", " > ", "<b>", "-1", "draft", "Heyi SKU"], cost: cost
        ) { bytes in
            let whole = events(bytes, format, chunk: max(1, bytes.count))
            let cut = events(bytes, format, chunk: 5)
            return whole == cut ? whole.lazy.compactMap { Property.explained($0, mayQuote: true) }.first : "in pieces it reads otherwise"
        }
    }

    private static func events(_ bytes: [UInt8], _ format: Mall.CatalogFormat, chunk: Int) -> [String] {
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
        seeds: [
            #"{"format":"heyi-mapping/1","group":"No","product":{"key":"No","units":{"text.{locale}":{"title":"Name"},"tags":{"$from":["L","M"],"$split":"|"}}},"skus":{"each":"rows[]","key":{"$template":"{^.sn}-{id}"},"units":{"price.{currency}":{"amount":{"$from":"Price","$as":"money"}}}}}"#
        ],
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
        seeds: [
            "store:\n  directory: /var/lib/heyi\nlimits:\n  request_timeout: 30s\nchannels:\n  web:\n    adapter: delta\n    endpoint: https://x.y\n    secrets: [file:/a]\n",
            "a: &x [1]\nb: *x\n", "listen: {admin: \"[::1]:1\"}",
        ],
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
