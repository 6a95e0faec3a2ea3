import ChannelAdapters
import Commerce
import Synchronization
import TestKit

@testable import SyncDaemon

/// A channel, and our own listeners, as far as the doctor can tell: what they answer is planted.
final class ScriptedShop: HTTPTransport {
    struct Script {
        /// How far its clock is ahead.
        var ahead: Duration = .zero
        var certificateEnds: Timestamp?
        var fault: TransportError?
        var hangs = false
        /// Whether it takes our signature.
        var knowsUs = true
        var speaksProtocol = true
        /// By `kind/id:unit`.
        var held: [String: JSON] = [:]
        var listenersAnswer = true
        var platformKnowsUs = true
    }

    let script = Mutex(Script())
    let time: ManualTime

    init(_ time: ManualTime) { self.time = time }

    func change(_ body: (inout Script) -> Void) { script.withLock { body(&$0) } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let script = self.script.withLock { $0 }
        if request.url.hasSuffix("/livez") { return HTTPResponse(status: script.listenersAnswer ? 200 : 503, headers: [], body: []) }
        if request.url.hasPrefix("https://track.example/") {
            let body: JSON = script.platformKnowsUs ? ["code": 0, "data": ["quota_remain": 100]] : ["code": -18010010, "data": [:]]
            return HTTPResponse(status: script.platformKnowsUs ? 200 : 401, headers: [], body: body.bytes)
        }
        if script.hangs {
            do { try await time.sleep(for: .seconds(86_400 * 365)) } catch { throw .cancelled }
        }
        if let fault = script.fault { throw fault }
        let date = HTTPDateText.write(time.now() + script.ahead)
        let isSigned = request.headers.contains { $0.name == "webhook-signature" }
        guard isSigned else {
            return HTTPResponse(status: 404, headers: [("date", date)], body: [], certificateEnds: script.certificateEnds)
        }
        guard script.knowsUs else { return HTTPResponse(status: 401, headers: [], body: []) }
        let body: JSON = request.url.hasSuffix("/capabilities")
            ? [
                "protocol": script.speaksProtocol ? "heyi-delta/1" : "soap", "clocks": true, "batch_max": 100, "generation": "g",
            ] : ["deltas": .array(script.deltas)]
        return HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: body.bytes)
    }
}

extension ScriptedShop.Script {
    fileprivate var deltas: [JSON] {
        held.keys.sorted().compactMap { key in
            let names = key.split(separator: ":").map(String.init)
            let entity = names[0].split(separator: "/").map(String.init)
            return [
                "entity": ["kind": .string(entity[0]), "id": .string(entity[1])], "unit": .string(names[1]), "op": "set",
                "value": held[key] ?? .null,
            ]
        }
    }
}

/// An instant as HTTP headers spell it.
private enum HTTPDateText {
    static func write(_ time: Timestamp) -> String {
        // `2025-10-09T08:53:20Z`
        let text = UTCText.full(time)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = text.prefix(10).split(separator: "-").map { Int($0) ?? 0 }
        let clock = text.dropFirst(11).dropLast()
        return "Mon, \(date[2] < 10 ? "0" : "")\(date[2]) \(months[date[1] - 1]) \(date[0]) \(clock) GMT"
    }
}

