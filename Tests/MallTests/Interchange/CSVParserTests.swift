import Testing

@testable import Mall

@Suite struct CSVParserTests {
    @Test(arguments: [1, 2, 3, 7, 4096])
    func `cells come back whole whatever the chunks`(chunk: Int) {
        let file = "\u{FEFF}a,b\r\n\"x,\"\"y\"\"\r\nz\",\n,后\n"
        let read = parse(file, chunk: chunk)
        #expect(read.rows == [["a", "b"], ["x,\"y\"\r\nz", ""], ["", "后"]])
        #expect(read.lines == [1, 2, 4])
        #expect(read.faults.isEmpty)
    }

    @Test(arguments: ["a\n", "a", "a\r\n", "a\r", "\n\na\n\n"])
    func `one row is one row however its line ends`(file: String) {
        #expect(parse(file).rows == [["a"]])
    }

    @Test(arguments: [1, 3, 4096])
    func `a quote inside a plain cell costs that row alone`(chunk: Int) {
        let read = parse("a,b\n1,5\" nail\n2,ok\n", chunk: chunk)
        #expect(read.rows == [["a", "b"], ["2", "ok"]])
        #expect(read.faults.map(\.reason) == [.quoteInsideCell])
        #expect(read.faults.first?.line == 2)
        #expect(read.faults.first?.byte == 4)
        #expect(read.faults.first?.cell == 1)
    }

    @Test(arguments: [1, 3, 4096])
    func `a quote that is never closed costs that row alone`(chunk: Int) {
        let read = parse("a,b\n1,\"open\n2,ok\n3,fine\n", chunk: chunk)
        #expect(read.rows == [["a", "b"], ["2", "ok"], ["3", "fine"]])
        #expect(read.faults.map(\.reason) == [.quoteNeverClosed])
        #expect(read.faults.first?.line == 2)
        #expect(read.faults.first?.byte == 3)
    }

    @Test(arguments: [1, 3, 4096])
    func `a stray quote that meets the next one does not swallow the rows between`(chunk: Int) {
        let read = parse("a,b\n1,\"open\n2,ok\n3,\"fine\"\n4,last\n", chunk: chunk)
        #expect(read.rows == [["a", "b"], ["2", "ok"], ["3", "fine"], ["4", "last"]])
        #expect(read.lines == [1, 3, 4, 5])
        #expect(read.faults.map(\.reason) == [.textAfterQuote(opened: 2)])
        #expect(read.faults.first?.line == 4)
    }

    @Test(arguments: [999, 65_536])
    func `a cell of ten megabytes is refused with its size and reading goes on`(chunk: Int) {
        let huge = String(repeating: "x,\n", count: 3_500_000)
        let read = parse("a,b\n1,\"\(huge)\"\n2,ok\n", chunk: chunk)
        #expect(read.rows == [["a", "b"], ["2", "ok"]])
        #expect(read.faults.map(\.reason) == [.cellTooLong(bytes: 10_500_000, limit: 1 << 20)])
        #expect(read.faults.first?.cell == 1)
        #expect(read.faults.first?.line == 2)
        #expect(read.lines == [1, 3_500_003])
    }

    @Test func `a row of too many cells is refused`() {
        let read = parse("a\n" + String(repeating: ",", count: 1_200) + "\nb\n")
        #expect(read.rows == [["a"], ["b"]])
        #expect(read.faults.map(\.reason) == [.tooManyCells(limit: 1_000)])
    }

    @Test func `GBK bytes are named as such`() {
        var bytes = Array("a,b\n1,".utf8)
        bytes += [0xC9, 0xCC, 0xC6, 0xB7]  // 商品
        bytes += Array("\n2,商品\n".utf8)
        let read = parse(bytes)
        #expect(read.rows == [["a", "b"], ["2", "商品"]])
        #expect(read.faults.map(\.reason) == [.notUTF8(looksLike: .gbk)])
        #expect(read.faults.first?.line == 2)
        #expect(read.faults.first?.text.contains("iconv") == true)
    }

    @Test func `hostile files full of quotes end soon`() {
        let file = String(repeating: "\"\n", count: 200_000) + "x\"y\n"
        #expect(parse(file).faults.count > 0)
    }

    @Test(arguments: [
        "=1+1", "'=1+1", "''@x", "-5", "-5.5", "-a", "'-5", "+", "'", "'a", "@", "\tx", "plain", "", "-", "--", "-1.2.3",
    ])
    func `a guarded cell comes back exactly`(text: String) {
        var writer = CSVWriter(byteOrderMark: false)
        writer.row(["k", text])
        let cell = String(decoding: writer.bytes, as: UTF8.self).dropFirst(2).drop { $0 == "\"" }
        let harmless = cell.first.map { !"=+@\t\r".contains($0) } ?? true
        #expect(harmless)
        #expect(parse(writer.bytes).rows == [["k", text]])
    }

    @Test func `any table comes back exactly`() {
        for seed in UInt64(1)...200 {
            var random = Dice(seed: seed)
            let width = random.below(5) + 1
            let table = (0...random.below(6)).map { _ in (0..<width).map { _ in random.text() } }
            var writer = CSVWriter(byteOrderMark: random.below(2) == 0)
            for row in table { writer.row(row) }
            let read = parse(writer.bytes, chunk: random.below(40) + 1)
            #expect(read.rows == table, "seed \(seed)")
            #expect(read.faults.isEmpty, "seed \(seed)")
        }
    }

    private func parse(_ text: String, chunk: Int = 4096) -> Parsed { parse(Array(text.utf8), chunk: chunk) }

    private func parse(_ bytes: [UInt8], chunk: Int = 4096) -> Parsed {
        var parsed = Parsed()
        var parser = CSVParser()
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            parser.read(Array(bytes[start..<min(start + chunk, bytes.count)])) { parsed.take($0) }
        }
        parser.finish { parsed.take($0) }
        return parsed
    }

    private struct Parsed {
        var rows: [[String]] = []
        var lines: [Int] = []
        var faults: [CSVFault] = []

        mutating func take(_ event: CSVParser.Event) {
            switch event {
            case .row(let row):
                rows.append((0..<row.count).map(row.text))
                lines.append(row.line)
            case .fault(let fault): faults.append(fault)
            }
        }
    }
}
