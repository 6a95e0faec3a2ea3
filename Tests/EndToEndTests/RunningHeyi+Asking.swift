import ChannelAdapters
import Commerce
import Foundation
import Testing

extension RunningHeyi {
    /// Runs a command that asks this daemon.
    func heyi(_ arguments: String...) async throws -> Binary.Outcome { try await heyi(arguments) }

    func heyi(_ arguments: [String]) async throws -> Binary.Outcome {
        try await Binary.run("heyi", arguments, environment: ["HEYI_SOCKET": folder.file("heyi.sock")])
    }

    /// What a command prints with `--json`.
    func json(_ arguments: String...) async throws -> JSON { try await json(arguments) }

    func json(_ arguments: [String]) async throws -> JSON {
        try JSON.parse(try await heyi(arguments + ["--json"]).text)
    }

    /// Writes to the master as an import of JSON Lines does; everything must be taken.
    func write(_ lines: JSON...) async throws { try await write(lines) }

    func write(_ lines: [JSON]) async throws {
        try folder.write(lines.map { $0.text + "\n" }.joined(), to: "write.jsonl")
        let outcome = try await heyi("import", folder.file("write.jsonl"))
        guard outcome.code == 0 else { throw Overdue(description: "not imported: \(outcome.all)") }
    }

    /// The whole master, as JSON Lines.
    func master() async throws -> String {
        let export = try await heyi("export")
        guard export.code == 0 else { throw Overdue(description: "not exported: \(export.all)") }
        return export.text
    }

    /// The live value of a unit; nil where there is none.
    func value(_ entity: String, _ unit: String) async throws -> JSON? {
        for line in try await master().split(separator: "\n") {
            let record = try JSON.parse(String(line))
            if "\(record["kind"]?.string ?? "")/\(record["id"]?.string ?? "")" == entity { return record["units"]?[unit] }
        }
        return nil
    }

    /// Every change of a unit, newest first.
    func history(_ entity: String, _ unit: String) async throws -> [JSON] {
        let units = try await json("why", entity)["units"]?.array ?? []
        return units.first { $0["unit"]?.string == unit }?["history"]?.array ?? []
    }

    /// Sends a callback; `id` names the message.
    ///
    /// - Returns: the status, nil when there was no answer.
    func callback(_ channel: String, id: String, _ deltas: [JSON], secret: String? = nil) async throws -> Int? {
        try await answer(to: channel, id: id, deltas, secret: secret)?.status
    }

    /// The same with the answer's body, and a sender whose clock is wrong by `ahead` seconds.
    func answer(
        to channel: String, id: String, _ deltas: [JSON], secret: String? = nil, ahead: Int64 = 0
    ) async throws -> (status: Int, body: JSON)? {
        let body: JSON = ["type": "deltas", "data": ["deltas": .array(deltas)]]
        let headers = try Loopback.signed(body, id: id, secret: try secret ?? self.secret(of: channel), ahead: ahead)
        return await Loopback.send(.post, "\(publicURL)/v1/callbacks/\(channel)", body, headers: headers)
    }

    /// The problems the status names now.
    func problems() async throws -> [JSON] { try await json("status")["problems"]?.array ?? [] }

    /// Posts deltas as a visiting channel does.
    func post(_ channel: String, id: String, _ deltas: [JSON]) async throws -> (status: Int, body: JSON)? {
        let body: JSON = ["deltas": .array(deltas)]
        let headers = try Loopback.signed(body, id: id, secret: try secret(of: channel))
        return await Loopback.send(.post, "\(publicURL)/v1/channels/\(channel)/deltas", body, headers: headers)
    }

    /// Waits until nothing waits anywhere and all shops hold the same.
    ///
    /// - Returns: the digest of what they hold.
    @discardableResult
    func inStep() async throws -> String {
        try await eventually("all shops in step") {
            let status = try await self.json("status")
            guard status["inbox"]?["waiting"] == 0 else { return nil }
            for channel in status["channels"]?.array ?? [] where channel["transport"] != "visiting" {
                for owed in ["lag_changes", "retrying", "unknown", "in_flight"] where channel[owed] != 0 { return nil }
            }
            var digests: Set<String> = []
            for shop in self.shops { digests.insert(try await shop.digest()) }
            return digests.count == 1 ? digests.first : nil
        }
    }

    /// A delta without clocks, as a simple channel sends it.
    static func delta(_ entity: String, _ unit: String, _ value: JSON) -> JSON {
        ["entity": .string(entity), "unit": .string(unit), "op": "set", "value": value]
    }
}

/// Goods for a test to begin with.
enum Goods {
    static let cup: JSON = [
        "kind": "product", "id": "cup",
        "units": ["text.en": ["title": "Cup"], "text.zh-CN": ["title": "公道杯"], "tags": ["daily"], "shelf": ["state": "on"]],
    ]
    static let plum: JSON = [
        "kind": "sku", "id": "cup-plum",
        "units": ["identity": ["code": "CUP-PLUM", "product": "cup"], "price.CNY": ["amount": 9_900, "tax_included": true]],
    ]
}
