package import ChannelAdapters
package import Commerce

/// Posts a shop's own edits to the hub as signed callbacks, as real shops do beside being asked.
///
/// A shop that speaks deltas sends them whole; a plain one only hints at what changed.
package struct HubCallbacks: Sendable {
    private let shop: ShopSimulator
    private let door: WebhookDoor
    private let transport: any HTTPTransport
    private let time: any TimeSource

    package init(
        shop: ShopSimulator, secrets: [String], transport: any HTTPTransport, time: any TimeSource
    ) throws(ShopSetupError) {
        guard let door = WebhookDoor(secrets: secrets) else { throw .badSecret }
        self.shop = shop
        self.door = door
        self.transport = transport
        self.time = time
    }

    /// Posts what was edited since the last time in one message.
    ///
    /// What is not accepted is posted again next time, under the same message id.
    ///
    /// - Parameters:
    ///   - url: The hub's whole address, `…/v1/callbacks/{channel}`.
    ///   - times: How often the same message is sent, for hubs to recognise it.
    /// - Returns: The status of each answer; none when there is nothing to tell.
    package func notifyHub(url: String, times: Int) async throws(TransportError) -> [Int] {
        guard let (message, end) = await shop.unannounced() else { return [] }
        let body = message.bytes
        let id = "msg_\(shop.channel)_\(end)"
        var statuses: [Int] = []
        for _ in 0..<times {
            let headers = door.headers(id: id, now: time.now().milliseconds / 1_000, payload: body)
            let answer = try await transport.send(
                HTTPRequest(
                    method: .post, url: url, headers: headers + [("Content-Type", "application/json")], body: body,
                    timeout: .seconds(30), responseBytesMax: 1 << 20, addresses: .privateToo))
            statuses.append(answer.status)
        }
        if statuses.contains(where: { (200..<300).contains($0) }) { await shop.announce(to: end) }
        return statuses
    }
}

extension ShopSimulator {
    /// The message about edits nobody was told of, and where in the log it ends.
    func unannounced() -> (message: JSON, end: Int)? {
        let end = log.count
        let edits = log[announced..<end].enumerated().filter { $0.element.isOwn }
        guard !edits.isEmpty else { return nil }
        if face == .plain {
            var entities: [JSON] = []
            for (_, edit) in edits where !entities.contains(edit.entity.json) { entities.append(edit.entity.json) }
            return (["type": "changed", "data": ["entities": .array(entities)]], end)
        }
        let deltas = edits.map { offset, edit in
            delta(edit.entity, edit.unit, edit.held, event: eventName(announced + offset))
        }
        return (["type": "deltas", "data": ["deltas": .array(deltas)]], end)
    }

    func announce(to end: Int) { announced = max(announced, end) }

    /// The same for a pull and a callback, so that the hub can tell they report one thing.
    func eventName(_ index: Int) -> String { "\(channel)-\(dials.generation)-\(index)" }
}
