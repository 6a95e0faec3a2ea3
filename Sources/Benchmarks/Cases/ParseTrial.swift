import Mall

/// A product file of 32 MB, a third of its cells quoted, read in pieces as it would arrive.
struct ParseTrial: Trial {
    let name = "parse"
    let unit = "MB/s"
    let bars: [Bar] = []
    private var bytes: [UInt8] = []
    private var lines = 0

    mutating func prepare() async throws {
        while bytes.count < 32_000_000 {
            let line = "cup-\(lines),青瓷茶杯 第\(lines)号,\"<p>手工拉坯，釉色\"\"温润\"\"，容量约二百毫升。</p>\",Kiln,\"茶, 青瓷\",TRUE,CUP-\(lines),129.00\r\n"
            bytes.append(contentsOf: line.utf8)
            lines += 1
        }
    }

    func measure(round: Int) async throws -> Sample {
        var (rows, faults) = (0, 0)
        let start = HostTime.nanoseconds
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
        let seconds = Double(HostTime.nanoseconds - start) / 1e9
        try require(rows == lines && faults == 0, "\(rows) of \(lines) rows, \(faults) faults")
        return Sample(Double(bytes.count) / 1e6 / seconds)
    }
}
