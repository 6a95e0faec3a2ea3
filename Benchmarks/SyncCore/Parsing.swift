import Mall

/// A product file of 32 MB, a third of its cells quoted, read in pieces as it would arrive.
struct Parsing {
    func measure() -> Figure {
        var bytes: [UInt8] = []
        var written = 0
        while bytes.count < 32_000_000 {
            let line = "cup-\(written),青瓷茶杯 第\(written)号,\"<p>手工拉坯，釉色\"\"温润\"\"，容量约二百毫升。</p>\",Kiln,\"茶, 青瓷\",TRUE,CUP-\(written),129.00\r\n"
            bytes.append(contentsOf: line.utf8)
            written += 1
        }
        var rows = 0
        var faults = 0
        let taken = seconds {
            var parser = CSVParser()
            let note: (CSVParser.Event) -> Void = { event in
                switch event {
                case .row: rows += 1
                case .fault: faults += 1
                }
            }
            for start in stride(from: 0, to: bytes.count, by: 65_536) {
                parser.read(Array(bytes[start..<min(start + 65_536, bytes.count)]), note)
            }
            parser.finish(note)
        }
        precondition(rows == written && faults == 0, "\(rows) of \(written) rows, \(faults) faults")
        return Figure(name: "CSV: parse a product file", value: Double(bytes.count) / 1e6 / taken, unit: "MB/s")
    }
}
