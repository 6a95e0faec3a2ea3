import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import ServiceLifecycle
import SyncEngine

extension AdminAPI {
    var doctorRoutes: [Route] {
        [
            Route(
                .get, "\(AdminAPI.root)/doctor", .operators(.operate), .stream, "Examine the daemon and what it depends on",
                parameters: [
                    .query("check", "Only these checks: numbers with commas between them."),
                    .query("offline", .boolean, "Leave channels and listeners alone."),
                ],
                answers: [
                    .content(
                        "application/jsonl", "How many checks there are, then each with its finding, as they end."),
                    .problem(503, "Others are being examined for."),
                ]
            ) { exchange in try examining(exchange) },
            Route(
                .get, "\(AdminAPI.root)/support", .operators(.admin), .operators, "What a support bundle says of this daemon",
                answers: [.content("application/json", "Configuration, tables, channels and host without secrets or values.")]
            ) { _ in .json(await doctor.support().json) },
        ]
    }

    private func examining(_ exchange: Exchange) throws -> Response {
        var order = DoctorOrder(isOffline: try exchange.flag("offline"))
        if let text = exchange.query("check") {
            guard let chosen = HealthCheck.chosen(text) else {
                throw Problem.invalid("check", "must be numbers of checks, such as 3,7,12; heyi doctor --list has them")
            }
            order.chosen = chosen
        }
        let (doctor, asked) = (self.doctor, order)
        let place = try examinations.enter()
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                // The lines come from many tasks, and one connection takes them one by one.
                let (lines, tell) = AsyncStream.makeStream(of: JSON.self)
                tell.yield(["checks": .integer(Int64(asked.doctor.checks.count))])
                let round = Task {
                    await doctor.examine(asked) { diagnosis in tell.yield(diagnosis.json) }
                    tell.finish()
                }
                defer { round.cancel() }
                let output = AnswerWriter(writer)
                // A stopping daemon waits for nobody's examination; half of one is told by its count.
                try await cancelWhenGracefulShutdown {
                    for await line in lines { try await output.write(line.bytes + [UInt8(ascii: "\n")]) }
                }
                try await writer.finish(nil)
            })
    }
}

/// Lets few examinations run at once: each may keep a reader of the store busy for long.
final class ExaminationGate: Sendable {
    private static let most = 2
    private let running = Guarded(0)

    /// A place is given back when nobody holds it any more, so an answer that is never written keeps none.
    func enter() throws(Problem) -> Place {
        let entered = running.update { running in
            guard running < ExaminationGate.most else { return false }
            running += 1
            return true
        }
        guard entered else {
            throw .unavailable("\(ExaminationGate.most) examinations are under way already", retryAfterSeconds: 30)
        }
        return Place(self)
    }

    final class Place: Sendable {
        private let gate: ExaminationGate

        init(_ gate: ExaminationGate) { self.gate = gate }

        deinit { gate.running.update { $0 -= 1 } }
    }
}
