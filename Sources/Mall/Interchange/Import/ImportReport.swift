/// What an import did, or would do in a dry run.
package struct ImportReport: Hashable, Sendable {
    /// Products, lone SKUs, categories … the file spoke of.
    package var records = 0
    package var created = 0
    package var changed = 0
    package var unchanged = 0
    /// Entities left out because something about them was wrong.
    package var refused = 0
    package var faults = 0
    package var warnings = 0
    package var unitsWritten = 0
    package var bytes: Int64 = 0

    package init() {}
}

/// How far an import has come.
package struct ImportProgress: Sendable {
    package let report: ImportReport
    package let bytesTotal: Int64?
    package let seconds: Double

    package var recordsPerSecond: Double { seconds > 0 ? Double(report.records) / seconds : 0 }

    /// Seconds until the end at the pace so far, nil while nobody can say.
    package var secondsLeft: Double? {
        guard let bytesTotal, report.bytes > 0, seconds > 0 else { return nil }
        return seconds * Double(max(0, bytesTotal - report.bytes)) / Double(report.bytes)
    }
}

/// Where a stopped import goes on, and how to know the file again.
///
/// Readers are deterministic: going on means reading the first `bytes` once more
/// without applying what they say, and checking by `fingerprint` that they are the same.
package struct ImportCheckpoint: Hashable, Sendable {
    package let bytes: Int64
    package let fingerprint: UInt64
    package let report: ImportReport

    package init(bytes: Int64, fingerprint: UInt64, report: ImportReport) {
        self.bytes = bytes
        self.fingerprint = fingerprint
        self.report = report
    }
}
