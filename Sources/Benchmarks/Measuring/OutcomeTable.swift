import Commerce
import Foundation

/// Prints outcomes as a table for people or as JSON lines.
struct OutcomeTable {
    let json: Bool
    private static let widths = [22, 24, 14, 9, 9, 9, 12]

    var head: [String] {
        guard !json else { return [] }
        return [
            "\(Machine.build) build, \(Machine.cores) cores, load \(Machine.load)",
            row(["case", "value", "reference", "ratio", "p50 ms", "p99 ms", "memory"]) + "must reach",
        ]
    }

    func lines(_ outcome: Outcome) -> [String] { json ? [line(outcome).text] : shown(outcome) }

    private func line(_ outcome: Outcome) -> JSON {
        func number(_ value: Double?) -> JSON { value.map { .decimal(Figure.plain($0)) } ?? .null }
        return [
            "case": .string(outcome.name), "value": number(outcome.value), "unit": .string(outcome.unit),
            "reference": outcome.reference.map { .string($0) } ?? .null,
            "reference_value": number(outcome.referenceValue), "ratio": number(outcome.ratio),
            "fsync_per_s": number(outcome.syncs), "p50_ms": number(outcome.p50), "p99_ms": number(outcome.p99),
            "rss_mb": number(outcome.memory), "cpu_percent": number(outcome.processor),
            "rounds": .array(outcome.values.map { .decimal(Figure.plain($0)) }),
            "bars": .array(outcome.bars.map { .string($0.words) }),
            "met": outcome.verdict.map { .bool($0) } ?? .null,
            "build": .string(Machine.build), "cores": .integer(Int64(Machine.cores)), "load": .string(Machine.load),
        ]
    }

    private func shown(_ outcome: Outcome) -> [String] {
        let spread = outcome.values.sorted()
        let extremes = spread.count > 1 ? "\(Figure.text(spread[0])) … \(Figure.text(spread[spread.count - 1]))" : ""
        let verdict =
            switch outcome.verdict {
            case true?: "met"
            case false?: "NOT MET"
            case nil: outcome.bars.isEmpty ? "" : "not judged"
            }
        func text(_ value: Double?) -> String { value.map { Figure.text($0) } ?? "-" }
        var lines = [
            row([
                outcome.name, "\(Figure.text(outcome.value)) \(outcome.unit)", text(outcome.referenceValue),
                outcome.ratio.map { Figure.text($0) + " ×" } ?? "-", text(outcome.p50), text(outcome.p99),
                outcome.memory.map { Figure.text($0) + " MB" } ?? "-",
            ]) + (outcome.bars.map(\.words).joined(separator: ", ") + "  " + verdict)
        ]
        var notes = ["\(extremes)", "\(Figure.text(outcome.syncs)) fsync/s"].filter { !$0.isEmpty }
        if let reference = outcome.reference { notes.append("beside \(reference)") }
        if let processor = outcome.processor { notes.append("\(Figure.text(processor)) % CPU") }
        lines.append("    " + notes.joined(separator: "; "))
        return lines
    }

    private func row(_ cells: [String]) -> String {
        zip(cells, OutcomeTable.widths).map { cell, width in
            cell + String(repeating: " ", count: max(1, width - cell.count))
        }.joined()
    }
}

/// What must be known to compare two runs.
enum Machine {
    static let cores = ProcessInfo.processInfo.activeProcessorCount

    static var build: String {
        #if DEBUG
        "debug (says nothing about speed)"
        #else
        "release"
        #endif
    }

    /// How busy it was, with us and with others.
    static var load: String {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? String(format: "%.1f", averages[0]) : "unknown"
    }

    /// Resident memory of a process in MB, now or at most.
    static func memory(of process: Int32, peak: Bool = false) -> Double? {
        guard let status = text("/proc/\(process)/status") else { return nil }
        let field = peak ? "VmHWM:" : "VmRSS:"
        for line in status.split(separator: "\n") where line.hasPrefix(field) {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 / 1_024 }
        }
        return nil
    }

    /// Seconds of processor a process has used.
    static func processorSeconds(of process: Int32) -> Double? {
        guard let stat = text("/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
