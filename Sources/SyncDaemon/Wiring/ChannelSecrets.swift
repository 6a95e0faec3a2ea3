import ChannelAdapters
import Commerce

/// A channel's secrets, read and found fit for the protocol it speaks.
struct ChannelSecrets: Sendable {
    /// The first signs or is sent, all verify.
    let secrets: [Secret]
    /// Checks what the channel sends; nil where the secrets sign nothing: then nothing it sends is let in.
    let signatures: StandardWebhooks?

    /// Reads the secrets that a channel's stored settings name.
    ///
    /// - Throws: ``DeskError/invalid(field:reason:)`` with the setting and the file, never what is in it.
    init(_ settings: JSON, credentials: String?, window: Duration) throws(DeskError) {
        let field = settings["secrets"] == nil ? "secret_files" : "secrets"
        let dialect = settings["protocol"]?.string.flatMap { ChannelProtocol(rawValue: $0) } ?? .delta
        do throws(SecretProblem) {
            var references: [SecretReference] = []
            for place in (settings[field]?.array ?? []).compactMap(\.string) {
                guard let reference = SecretReference(place) else {
                    throw SecretProblem(description: "must be absolute paths of files, or credential:name")
                }
                references.append(reference)
            }
            secrets = try ChannelSecrets.read(references, dialect, credentials: credentials)
        } catch {
            throw .invalid(field: field, reason: error.description)
        }
        do throws(SecretFault) {
            signatures = try StandardWebhooks(secrets: secrets, tolerance: window)
        } catch {
            // Only a plain channel comes here: its secret is a bearer token for its own side.
            signatures = nil
        }
    }

    /// - Parameter credentials: `$CREDENTIALS_DIRECTORY`; nil outside systemd.
    static func read(
        _ references: [SecretReference], _ dialect: ChannelProtocol, credentials: String?
    ) throws(SecretProblem) -> [Secret] {
        guard !references.isEmpty else {
            throw SecretProblem(description: "name at least one file on the daemon's host, mode 0600")
        }
        var secrets: [Secret] = []
        for reference in references { secrets.append(try reference.load(credentials: credentials)) }
        do throws(SecretFault) {
            try AdapterFactory.check(secrets, for: dialect)
        } catch {
            throw SecretProblem(description: "\(references[error.index]): \(error.reason)")
        }
        return secrets
    }
}
