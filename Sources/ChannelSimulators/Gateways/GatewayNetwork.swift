package import ChannelAdapters
package import Commerce

/// Carries requests to simulated platforms by host name, without sockets.
///
/// Real adapters speak the real wire to them; a host that is none of theirs goes to `elsewhere`, or is unreachable.
package struct GatewayNetwork: HTTPTransport {
    private let platforms: [String: any GatewaySimulator]
    private let elsewhere: (any HTTPTransport)?

    /// - Parameter platforms: by host as it stands in the URL, with its port if there is one.
    package init(_ platforms: [String: any GatewaySimulator], elsewhere: (any HTTPTransport)? = nil) {
        self.platforms = platforms
        self.elsewhere = elsewhere
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard request.url.contains("://") else { throw .invalidRequest(reason: "the URL has no scheme") }
        let address = request.url.drop { $0 != "/" }.dropFirst(2)
        let host = String(address.prefix { $0 != "/" && $0 != "?" })
        guard let platform = platforms[host] else {
            guard let elsewhere else { throw .unreachable(reason: "nobody is called \(host)") }
            return try await elsewhere.send(request)
        }
        let rest = address.dropFirst(host.count)
        let read = SimulatedRequest(
            method: request.method.rawValue, target: rest.hasPrefix("/") ? String(rest) : "/" + rest,
            headers: request.headers.map { ($0.name.lowercased(), $0.value) }, body: request.body ?? [])
        switch platform.respond(to: read) {
        case .refused: throw .unreachable(reason: "connection refused")
        case .dropped: throw .interrupted(reason: "the connection ended before the answer")
        case .answered(let answer):
            guard answer.body.count <= request.responseBytesMax else { throw .responseTooLarge(bytesMax: request.responseBytesMax) }
            return answer
        }
    }
}

/// Delivers a platform's callbacks to its merchants.
package struct CallbackPump: Sendable {
    let platform: any GatewaySimulator
    let transport: any HTTPTransport

    package init(_ platform: any GatewaySimulator, over transport: any HTTPTransport) {
        self.platform = platform
        self.transport = transport
    }

    /// Delivers what is due now, all of it at once as platforms do, and tells how each went.
    ///
    /// - Returns: how many were delivered or tried.
    @discardableResult
    package func deliver(at now: Timestamp) async -> Int {
        let due = platform.dueCallbacks(at: now)
        await withTaskGroup(of: (Int64, HTTPResponse?).self) { group in
            for callback in due {
                group.addTask {
                    do throws(TransportError) { return (callback.id, try await transport.send(callback.request)) } catch {
                        return (callback.id, nil)
                    }
                }
            }
            for await (id, answer) in group { platform.callbackAnswered(id, by: answer, at: now) }
        }
        return due.count
    }
}
