import Commerce
import Foundation
import Testing

@testable import Mall

/// Two readers written by others say what is JSON and what a CSV holds; ours must agree.
@Suite struct PythonOracleTests {
    private static let count = FuzzRounds.isFull ? 1_000_000 : 20_000

    @Test(.enabled(if: Python.isInstalled, "python3 is not installed"))
    func `what we take for JSON is what Python takes for JSON, within our limits`() throws {
        let inputs = try made(by: .json)
        let verdicts = try Python.run(Python.json, on: inputs)
        for (input, verdict) in zip(inputs, verdicts) {
            let ours: String
            do throws(JSONError) {
                ours = String(decoding: try JSON.parse(input).bytes, as: UTF8.self)
            } catch {
                guard !error.reason.contains("nested deeper"), !error.reason.contains("longer than 64") else { continue }
                ours = "refused"
            }
            if (ours == "refused") != (verdict == "refused") {
                Issue.record("\(String(decoding: input, as: UTF8.self).debugDescription): we say \(ours), Python \(verdict)")
                return
            }
        }
    }

    @Test(.enabled(if: Python.isInstalled, "python3 is not installed"))
    func `the cells of a sound CSV are those Python reads`() throws {
        let inputs = try made(by: .csv).filter { input in
            // Python ends a row at other signs of a line too, and a byte order mark is a letter to it.
            !input.contains(0) && String(validating: input, as: UTF8.self) != nil && !input.starts(with: [0xEF, 0xBB, 0xBF])
        }
        let verdicts = try Python.run(Python.csv, on: inputs)
        var sound = 0
        for (input, verdict) in zip(inputs, verdicts) {
            guard let ours = rows(input) else { continue }
            sound += 1
            if ours != verdict {
                Issue.record("\(String(decoding: input, as: UTF8.self).debugDescription): we read \(ours), Python \(verdict)")
                return
            }
        }
        #expect(sound > inputs.count / 20, "hardly anything was compared")
    }

    private func made(by target: FuzzTarget) throws -> [[UInt8]] {
        let corpus = try FuzzRun(target: target, seed: 0).inputs()
        var mutator = Mutator(seed: FuzzRounds.seed, dictionary: target.dictionary, bytesMax: 1_000)
        return corpus + (0..<Self.count).map { _ in mutator.next(corpus) }
    }

    /// The rows as hexadecimal cells; nil when anything is wrong with the file.
    private func rows(_ input: [UInt8]) -> String? {
        var parser = CSVParser()
        var rows: [String] = []
        var isSound = true
        func take(_ event: CSVParser.Event) {
            switch event {
            case .row(let row):
                rows.append((0..<row.count).map { cell in Python.hexadecimal(Array(row.bytes[row.range(cell)])) }.joined(separator: ","))
            case .fault: isSound = false
            }
        }
        parser.read(input, take)
        parser.finish(take)
        return isSound ? rows.joined(separator: ";") : nil
    }
}

/// Python over many inputs at once: a line of hexadecimal in, a line of verdict out.
enum Python {
    static let isInstalled = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }

    static let json = """
        import sys, json
        def pairs(p):
            if len({k for k, _ in p}) < len(p): raise ValueError('twice')
            return dict(p)
        def no(x): raise ValueError(x)
        for line in sys.stdin:
            try:
                value = json.loads(bytes.fromhex(line).decode('utf-8'), object_pairs_hook=pairs, parse_constant=no, parse_int=str, parse_float=str)
                json.dumps(value, ensure_ascii=False).encode('utf-8')
                print('taken')
            except (ValueError, RecursionError): print('refused')
        """

    static let csv = """
        import sys, csv, io
        csv.field_size_limit(1 << 24)
        for line in sys.stdin:
            try:
                text = bytes.fromhex(line).decode('utf-8')
                rows = [r for r in csv.reader(io.StringIO(text, newline=''), strict=True) if r]
                print(';'.join(','.join(c.encode('utf-8').hex() for c in r) for r in rows))
            except csv.Error: print('refused')
        """

    static func run(_ script: String, on inputs: [[UInt8]]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "heyi-python-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record("\(folder.path) stays behind: \(error)") } }
        let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try Data((inputs.map(hexadecimal).joined(separator: "\n") + "\n").utf8).write(to: source)
        try Data().write(to: target)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: target)
        try process.run()
        process.waitUntilExit()
        let lines = String(decoding: try Data(contentsOf: target), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == inputs.count + 1 else { throw CocoaError(.fileReadCorruptFile) }
        return lines.dropLast().map(String.init)
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        for byte in bytes { output += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: output, as: UTF8.self)
    }
}
