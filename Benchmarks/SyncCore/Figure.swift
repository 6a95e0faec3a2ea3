import Commerce
import Foundation

/// One measured number of one round.
struct Figure {
    let name: String
    let value: Double
    let unit: String
}

struct MeasuringFailed: Error, CustomStringConvertible { let description: String }

func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
    guard holds else { throw MeasuringFailed(description: otherwise()) }
}

/// Times a body by the clock that only goes forward.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = HostTime.nanoseconds()
    try body()
    return Double(HostTime.nanoseconds() - start) / 1e9
}

struct HostTime: TimeSource {
    static func nanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
    func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
    func monotonicNanoseconds() -> UInt64 { HostTime.nanoseconds() }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// Sums the rounds up, with what one must know to compare two runs.
struct Report {
    let rounds: [[Figure]]
    let directory: String

    func show(json: Bool) {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        if !json {
            print("\(build) build, \(cores) cores, load \(load), files in \(directory)")
            print("\(pad("what"))      median       least        most  unit")
        }
        for (index, first) in rounds[0].enumerated() {
            let values = rounds.map { $0[index].value }.sorted()
            let median = values[values.count / 2]
            if json {
                let line: JSON = [
                    "name": .string(first.name), "unit": .string(first.unit), "median": .decimal(text(median)),
                    "rounds": .array(values.map { .decimal(text($0)) }), "build": .string(build),
                    "cores": .integer(Int64(cores)), "load": .string(load),
                ]
                print(line.text)
            } else {
                let shown = [median, values[0], values[values.count - 1]].map { String(format: "%12.1f", $0) }
                print(pad(first.name) + shown.joined() + "  " + first.unit)
            }
        }
    }

    private func text(_ value: Double) -> String { String(format: "%.1f", value) }
    private func pad(_ text: String) -> String { text.padding(toLength: 42, withPad: " ", startingAt: 0) }

    private var build: String {
        #if DEBUG
        "debug (says nothing about speed)"
        #else
        "release"
        #endif
    }

    /// How busy the machine was, with us and with others.
    private var load: String {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? text(averages[0]) : "unknown"
    }
}
