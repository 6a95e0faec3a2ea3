import ChannelAdapters
import Commerce

extension HealthCheck {
    static let reachChecks = [
        HealthCheck(
            7, "reachable", "whether each channel with an address answers, and in its protocol", reach: .network,
            patience: .seconds(30), examine: reachable),
        HealthCheck(
            22, "listeners", "whether our own public and admin addresses answer", reach: .network, patience: .seconds(25),
            examine: listeners),
    ]

    @Sendable private static func reachable(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        var answered: Int64 = 0
        var slowest: Int64 = 0
        let calls = await patient.calls()
        for (channel, answer) in calls {
            let next = "curl -sSv -o /dev/null https://\(channel.authority)/"
            switch answer.outcome {
            // What is wrong with a certificate is told by the check of expiry.
            case .success, .failure(.responseTooLarge), .failure(.untrusted):
                answered += 1
                slowest = max(slowest, answer.took.milliseconds)
            case .failure(let error):
                symptoms.append(
                    Symptom(
                        .warning, "\(channel.id) \(words(error))", detail: "\(error)",
                        next: channel.endpoint?.hasPrefix("http://") == true
                            ? next.replacing("https://", with: "http://") : next))
            }
        }
        let prober = patient.prober
        for (channel, greeting) in await patient.asked({ await prober.greet($0) }) {
            let next = "heyi log --channel \(channel.id) --since 1h"
            switch greeting {
            case .failure(.failed(let status, let reason)):
                symptoms.append(Symptom(.warning, "\(channel.id) answers with status \(status)", detail: reason, next: next))
            case .failure(.malformed(let reason)):
                symptoms.append(Symptom(.warning, "\(channel.id) answers, but not in its protocol", detail: reason, next: next))
            case .failure(.gone(let reason)), .failure(.rejected(_, let reason)):
                symptoms.append(Symptom(.warning, "\(channel.id) turns us away", detail: reason, next: next))
            case .success, .failure: continue
            }
        }
        return Examination(
            "\(answered) of \(calls.count) channels with an address",
            ["asked": .integer(Int64(calls.count)), "answered": .integer(answered), "slowest_milliseconds": .integer(slowest)],
            symptoms)
    }

    private static func words(_ error: TransportError) -> String {
        switch error {
        case .timedOut: "does not answer within \(ChannelProber.timeout.components.seconds) s"
        case .forbiddenAddress: "has an address its settings do not allow"
        case .invalidRequest: "has an address that cannot be called"
        case .interrupted: "breaks the connection off"
        case .unreachable, .untrusted, .responseTooLarge, .cancelled: "cannot be reached"
        }
    }

    @Sendable private static func listeners(_ patient: Patient) async throws -> Examination {
        guard let inner = patient.inner else { return .skipped("no daemon answers") }
        var symptoms: [Symptom] = []
        // Those it was started with: others take effect at the next start.
        let listen = inner.began.listen
        for (name, listener, address) in [("public", Listener.public, listen.publicAddress), ("admin", .admin, listen.adminAddress)] {
            let port = inner.ports[listener] ?? address.port
            let answer = await patient.prober.answer("http://\(host(address.host)):\(port)/livez", .privateToo)
            if case .success(let response) = answer.outcome, response.status == 200 { continue }
            symptoms.append(
                Symptom(
                    .failure, "our \(name) listener at \(address.host):\(port) does not answer", detail: "\(answer.outcome)",
                    next: "ss -ltnp | grep \(port)"))
        }
        return Examination("public and admin answer", ["failing": .integer(Int64(symptoms.count))], symptoms)
    }

    /// Where a listener on any address is called from this host.
    private static func host(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
        default: host.contains(":") ? "[\(host)]" : host
        }
    }
}
