import ChannelAdapters
import Commerce
import SyncEngine

/// One run of `heyi doctor`: by the daemon where one answers, else on what it left behind.
struct DoctorRound {
    /// What a run found, by number.
    struct Report {
        let at: Timestamp
        let byDaemon: Bool
        let checks: [JSON]

        var grade: Grade { checks.compactMap { $0["finding"]?.string.flatMap { Grade(rawValue: $0) } }.max() ?? .ok }

        var json: JSON {
            [
                "at": .integer(at.milliseconds), "version": .string(Heyi.version), "by_daemon": .bool(byDaemon),
                "verdict": .string(grade.rawValue), "checks": .array(checks),
            ]
        }
    }

    let order: DoctorOrder
    let options: OperatorOptions
    let source: ConfigurationSource

    /// The daemon says at once how many checks there are; a silence before that is one of its own.
    private static let greetsWithin: Duration = .seconds(20)

    func run() async throws -> Report {
        let progress = DoctorProgress(order.doctor.checks.map(\.id))
        var found: [JSON]?
        try CommandFailure.explained { found = try askDaemon(progress) }
        let byDaemon = found != nil
        var checks: [JSON]
        if let found { checks = found } else { checks = await examine(progress) }
        progress.end()
        checks.sort { ($0["id"]?.string ?? "") < ($1["id"]?.string ?? "") }
        return Report(at: Terminal.now(), byDaemon: byDaemon, checks: checks)
    }

    /// - Returns: nil when no daemon answers.
    private func askDaemon(_ progress: DoctorProgress) throws -> [JSON]? {
        let hasBegun = Guarded(false)
        let longest = (order.doctor.checks.map(\.patience).max() ?? .zero) * order.doctor.patience + DoctorRound.greetsWithin
        var client = options.client
        client.patience = { hasBegun.value ? longest : DoctorRound.greetsWithin }
        let query: [(String, String?)] = [
            ("check", order.chosen.map { $0.map { String($0.number) }.joined(separator: ",") }),
            ("offline", order.isOffline ? "true" : nil),
        ]
        var lines = JSONLines()
        var checks: [JSON] = []
        var expected: Int64?
        do {
            _ = try client.send(.init(target: SocketClient.target("doctor", query))) { piece in
                for line in try lines.take(piece) {
                    if let count = line["checks"]?.integer {
                        expected = count
                        hasBegun.update { $0 = true }
                    } else {
                        checks.append(line)
                        progress.ended(line["id"]?.string ?? "")
                    }
                }
            }
        } catch ClientError.unreachable, ClientError.broken {
            return nil
        }
        // Half an answer is none: the daemon ended meanwhile.
        return expected == Int64(checks.count) ? checks : nil
    }

    private func examine(_ progress: DoctorProgress) async -> [JSON] {
        let transport = CurlTransport(configuration: .ordinary)
        let patient = await Patient.stopped(source, offline: order.isOffline, transport: transport)
        let found = Guarded<[JSON]>([])
        await order.doctor.examine(patient) { diagnosis in
            found.update { $0.append(diagnosis.json) }
            progress.ended(diagnosis.check.id)
        }
        await transport.shutdown(grace: .zero)
        return found.value
    }
}

/// Takes a stream of JSON values apart, one a line.
struct JSONLines {
    private var rest: [UInt8] = []

    mutating func take(_ bytes: ArraySlice<UInt8>) throws -> [JSON] {
        rest += bytes
        var values: [JSON] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            values.append(try JSON.parse(Array(rest[..<end])))
            rest.removeFirst(end + 1)
        }
        return values
    }
}
