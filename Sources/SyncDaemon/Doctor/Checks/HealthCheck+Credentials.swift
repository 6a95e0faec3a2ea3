import ChannelAdapters
import Commerce
import Store

extension HealthCheck {
    static let credentialChecks = [
        HealthCheck(5, "credentials", "every secret a channel names: there, readable, fit for its protocol", examine: credentials),
        HealthCheck(
            6, "expiry", "tokens of operators and certificates of channels that end soon or have ended",
            patience: .seconds(25), examine: expiry),
        HealthCheck(
            8, "signatures", "whether channels take our signature and theirs hold here", reach: .network,
            patience: .seconds(25), examine: signatures),
    ]

    private static let soon: Duration = .seconds(14 * 86_400)
    private static let day: Duration = .seconds(86_400)

    @Sendable private static func credentials(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        var held = 0
        var unseen = 0
        for channel in patient.channels where channel.isKept {
            let next = "heyi check-config, then heyi channel resume \(channel.id)"
            if channel.secrets.isEmpty { symptoms.append(Symptom(.failure, "\(channel.id) names no secret", next: next)) }
            let dialect = channel.settings["protocol"]?.string.flatMap { ChannelProtocol(rawValue: $0) } ?? .delta
            for reference in channel.secrets {
                guard let reference else {
                    symptoms.append(Symptom(.failure, "\(channel.id) names a secret that is neither a file nor a credential", next: next))
                    continue
                }
                // Only the service itself has its credentials.
                if case .credential = reference, patient.credentials == nil {
                    unseen += 1
                    continue
                }
                // A file that is open to everybody is told by the check of permissions.
                if case .file(let path) = reference, let file = patient.host.file(path), file.mode & 0o007 != 0 { continue }
                do throws(SecretProblem) {
                    _ = try ChannelSecrets.read([reference], dialect, credentials: patient.credentials)
                    held += 1
                } catch {
                    symptoms.append(Symptom(.failure, "a secret of \(channel.id) cannot be used", detail: error.description, next: next))
                }
            }
        }
        return Examination(
            "\(held) secrets can be used" + (unseen > 0 ? ", \(unseen) only the service can read" : ""),
            ["usable": .integer(Int64(held)), "unseen": .integer(Int64(unseen))], symptoms)
    }

    @Sendable private static func expiry(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        let now = patient.now
        var tokens = 0
        if patient.store != nil {
            for token in try await patient.reading({ reading throws(StoreError) in try reading.tokens() }) where token.revokedAt == nil {
                let left = token.expiresAt - now
                // Nobody misses what ended long ago.
                if left < .zero - soon { continue }
                tokens += 1
                guard left < soon else { continue }
                let when = left > .zero ? "ends in \(Age.text(seconds: left.components.seconds))" : "has ended"
                symptoms.append(
                    Symptom(
                        left > .zero ? .warning : .notice, "token \(token.id) \(when)", detail: token.label,
                        next: "heyi token create NAME --scope \(token.scope.rawValue) --days 90"))
            }
        }
        var certificates = 0
        if !patient.isOffline {
            for (channel, answer) in await patient.calls() {
                let next = "openssl s_client -connect \(channel.authority) < /dev/null | openssl x509 -noout -subject -dates"
                switch answer.outcome {
                case .failure(.untrusted(let reason)):
                    symptoms.append(Symptom(.failure, "the certificate of \(channel.id) is not accepted", detail: reason, next: next))
                case .success(let response):
                    guard let ends = response.certificateEnds else { continue }
                    certificates += 1
                    let left = ends - now
                    guard left < soon else { continue }
                    symptoms.append(
                        Symptom(
                            left < day * 3 ? .failure : .warning,
                            "the certificate of \(channel.id) ends in \(Age.text(seconds: left.components.seconds))", next: next))
                case .failure: continue
                }
            }
        }
        return Examination(
            "\(tokens) tokens, \(certificates) certificates",
            ["tokens": .integer(Int64(tokens)), "certificates": .integer(Int64(certificates))], symptoms)
    }

    @Sendable private static func signatures(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        var accepted = 0
        let prober = patient.prober
        for (channel, answer) in await patient.asked({ await prober.greet($0) }) {
            switch answer {
            case .success: accepted += 1
            case .failure(.unauthorized(let reason)):
                symptoms.append(
                    Symptom(.failure, "\(channel.id) refuses our signature: its secret is another one", detail: reason, next: channel.newSecret))
            case .failure: continue
            }
        }
        var refused = 0
        for channel in patient.channels where channel.isKept {
            guard let entry = patient.inner?.doors[channel.id], let last = entry.refused, patient.now - last < .seconds(3_600),
                entry.refusals > 0
            else { continue }
            refused += entry.refusals
            symptoms.append(
                Symptom(
                    .warning,
                    "\(entry.refusals) requests in the name of \(channel.id) had a wrong signature, the last \(Age.text(seconds: (patient.now - last).components.seconds)) ago"
                        + (entry.admitted == nil ? ", and none held" : ""),
                    next: channel.newSecret))
        }
        return Examination(
            "\(accepted) channels take ours",
            ["accepted": .integer(Int64(accepted)), "refused_here": .integer(Int64(refused))], symptoms)
    }
}

extension KnownChannel {
    /// How its secret is put right: the file is named, never what is in it.
    fileprivate var newSecret: String {
        for case .file(let path)? in secrets { return "sudoedit \(path) && systemctl reload heyi" }
        return "heyi check-config, then systemctl restart heyi"
    }

    /// `shop.example:443`
    var authority: String {
        let rest = (endpoint ?? "").drop { $0 != "/" }.dropFirst(2).prefix { !"/?#".contains($0) }
        return rest.contains(":") ? String(rest) : rest + ":443"
    }
}
