package import Commerce

extension ImportCheckpoint {
    package var json: JSON {
        [
            "bytes": .integer(bytes), "fingerprint": .string(String(fingerprint, radix: 16)),
            "records": .integer(Int64(report.records)), "created": .integer(Int64(report.created)),
            "changed": .integer(Int64(report.changed)), "unchanged": .integer(Int64(report.unchanged)),
            "refused": .integer(Int64(report.refused)), "faults": .integer(Int64(report.faults)),
            "warnings": .integer(Int64(report.warnings)), "units": .integer(Int64(report.unitsWritten)),
        ]
    }

    /// - Returns: nil when the value is no checkpoint.
    package init?(_ json: JSON) {
        guard let bytes = json["bytes"]?.integer, bytes >= 0,
            let fingerprint = json["fingerprint"]?.string.flatMap({ UInt64($0, radix: 16) })
        else { return nil }
        func count(_ name: String) -> Int { Int(clamping: json[name]?.integer ?? 0) }
        var report = ImportReport()
        report.records = count("records")
        report.created = count("created")
        report.changed = count("changed")
        report.unchanged = count("unchanged")
        report.refused = count("refused")
        report.faults = count("faults")
        report.warnings = count("warnings")
        report.unitsWritten = count("units")
        report.bytes = bytes
        self.init(bytes: bytes, fingerprint: fingerprint, report: report)
    }
}
