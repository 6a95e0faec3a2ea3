package import ChannelAdapters
package import Commerce
import HTTPTypes

/// Sends requests to simulated shops by host name, without sockets.
///
/// Real adapters speak the real wire to the real routes, on the time and chance of a
/// seeded run. A host that is no shop's is unreachable, and so is a shop that is dark.
package struct SimulatedTransport: HTTPTransport {
    private let counters: [String: ShopCounter]

    /// A shop and the secrets it is opened with, as ``ShopSimulatorServer`` takes them.
    package struct Place: Sendable {
        let shop: ShopSimulator
        let secrets: [String]

        package init(_ shop: ShopSimulator, secrets: [String]) {
            self.shop = shop
            self.secrets = secrets
        }
    }

    /// - Parameter places: By host as it stands in the URL, with its port if there is one.
    package init(_ places: [String: Place], time: any TimeSource) throws(ShopSetupError) {
        var counters: [String: ShopCounter] = [:]
        for (host, place) in places {
            let door = try ShopDoor(face: place.shop.face, secrets: place.secrets)
            counters[host] = ShopCounter(shop: place.shop, door: door, time: time)
        }
        self.counters = counters
    }

    package func send(_ request: ChannelAdapters.HTTPRequest) async throws(TransportError) -> ChannelAdapters.HTTPResponse {
        guard let (host, target) = SimulatedTransport.parts(of: request.url) else {
            throw .invalidRequest(reason: "the URL has no scheme or no host")
        }
        guard let counter = counters[host] else { throw .unreachable(reason: "no shop is called \(host)") }
        var fields = HTTPFields()
        for header in request.headers {
            guard let name = HTTPField.Name(header.name) else {
                throw .invalidRequest(reason: "\(header.name.prefix(40)) is no header's name")
            }
            fields.append(HTTPField(name: name, value: header.value))
        }
        let read = ShopRequest(
            method: request.method.rawValue, target: target, headers: fields, body: request.body ?? [])
        let served: (outcome: ShopCounter.Outcome, isLate: Bool)
        do {
            served = try await counter.serve(read, patience: request.timeout)
        } catch {
            throw .cancelled
        }
        switch (served.outcome, served.isLate) {
        case (.refused, _): throw .unreachable(reason: "connection refused")
        case (_, true): throw .timedOut(mayHaveArrived: true)
        case (.dropped, false): throw .interrupted(reason: "the connection ended before the answer")
        case (.answered(let answer), false): return try answer.whole(bytesMax: request.responseBytesMax)
        }
    }

    private static func parts(of url: String) -> (host: String, target: String)? {
        guard url.contains("://") else { return nil }
        let address = url.drop { $0 != "/" }.dropFirst(2)
        let host = address.prefix { $0 != "/" && $0 != "?" }
        let rest = address.dropFirst(host.count)
        guard !host.isEmpty else { return nil }
        return (String(host), rest.hasPrefix("/") ? String(rest) : "/" + rest)
    }
}

extension ShopAnswer {
    /// The answer as a transport gives it.
    fileprivate func whole(bytesMax: Int) throws(TransportError) -> ChannelAdapters.HTTPResponse {
        let body = json?.bytes ?? []
        guard body.count <= bytesMax else { throw .responseTooLarge(bytesMax: bytesMax) }
        var headers = self.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        if json != nil { headers.append(("content-type", contentType)) }
        return ChannelAdapters.HTTPResponse(status: status, headers: headers, body: body)
    }
}
