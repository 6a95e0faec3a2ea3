import ChannelAdapters
import Commerce
import Foundation

/// One `heyi-simulator` and what it holds.
struct RunningShop {
    let id: String
    let port: Int
    let process: ChildProcess

    /// - Parameter face: As `heyi-simulator --face` takes it.
    static func start(
        _ id: String, face: String, secretFile: String, environment: [String: String] = [:], in folder: TemporaryFolder
    ) async throws -> RunningShop {
        let process = try ChildProcess(
            "\(Binary.directory)/heyi-simulator", ["--face", face, "--channel", id, "--secret-file", secretFile],
            environment: environment, output: folder.file("\(id).out"), errors: folder.file("\(id).log"))
        let port = try await eventually("\(id) listens") {
            if process.hasEnded { throw Overdue(description: "the shop \(id) ended: \(try folder.text("\(id).log"))") }
            let said = try folder.text("\(id).out")
            return said.hasSuffix("\n") ? said.split(separator: ":").last.flatMap { Int($0.dropLast()) } : nil
        }
        return RunningShop(id: id, port: port, process: process)
    }

    func edit(_ entity: String, _ unit: String, _ value: JSON) async throws {
        try await tell("edit", ["entity": .string(entity), "unit": .string(unit), "value": value])
    }

    /// Turns its bad habits, as `POST /_sim/dials` takes them.
    func turn(_ dials: JSON) async throws { try await tell("dials", dials) }

    /// Puts the shop out of step as `POST /_sim/plant` does.
    func plant(_ what: String, _ count: Int) async throws {
        try await tell("plant", ["what": .string(what), "count": .integer(Int64(count)), "seed": 3])
    }

    /// What it sells a SKU from.
    func shelf(_ sku: String) async throws -> Int64? { try await ask("shelf")[sku]?.integer }

    /// - Returns: the number of the order its buyer has placed.
    func sell(_ sku: String, _ units: Int64) async throws -> String {
        let answer = await Loopback.send(
            .post, "http://127.0.0.1:\(port)/_sim/sell", ["sku": .string(sku), "quantity": .integer(units)])
        guard let order = answer?.body["order"]?.string else {
            throw Overdue(description: "\(id) sells no \(units) of \(sku): \(answer?.body.text ?? "no answer")")
        }
        return order
    }

    /// Whether it refuses to sell so many.
    func sellsOut(_ sku: String, _ units: Int64) async -> Bool {
        await Loopback.send(
            .post, "http://127.0.0.1:\(port)/_sim/sell", ["sku": .string(sku), "quantity": .integer(units)])?.status == 409
    }

    func digest() async throws -> String { try await ask("digest")["digest"]?.string ?? "" }

    /// What it holds of a unit, by what the hub's writes really changed here.
    func value(_ entity: String, _ unit: String) async throws -> JSON? {
        let writes = try await ask("ledger?writes=true")["writes"]?.array ?? []
        return writes.last { $0["entity"]?.string == entity && $0["unit"]?.string == unit }?["value"]
    }

    /// How many writes it has taken.
    func writes() async throws -> Int { try await ask("ledger?writes=true")["writes"]?.array?.count ?? 0 }

    /// Operations that changed something more than once.
    func doubled() async throws -> [JSON] { try await ask("ledger")["doubled"]?.array ?? [] }

    private func ask(_ what: String) async throws -> JSON {
        guard let answer = await Loopback.send(.get, "http://127.0.0.1:\(port)/_sim/\(what)"), answer.status == 200 else {
            throw Overdue(description: "\(id) does not answer")
        }
        return answer.body
    }

    private func tell(_ what: String, _ body: JSON) async throws {
        let answer = await Loopback.send(.post, "http://127.0.0.1:\(port)/_sim/\(what)", body)
        guard let answer, answer.status < 300 else {
            throw Overdue(description: "\(id) does not take \(body.text): \(answer?.body.text ?? "no answer")")
        }
    }
}
