import ArgumentParser
import ChannelAdapters
import Commerce
import Foundation

/// Accounts of the configuration, for trying their callbacks without a daemon.
enum GatewayCallbacks {
    /// Connects an account of the configuration; nothing is sent.
    ///
    /// - Throws: exit code 78 after the reason was said.
    static func gateway(_ name: String, _ configuration: Configuration) throws -> Gateway {
        guard let declared = configuration.gateways.first(where: { $0.id.text == name }) else {
            let known = configuration.gateways.map(\.id.text).joined(separator: ", ")
            throw WebhookFailure.said(
                "the configuration has no gateway \(name)" + (known.isEmpty ? "; it has none at all" : "; it has \(known)"), .configuration)
        }
        do throws(GatewayFault) {
            let account = try GatewayWiring.account(declared, configuration, credentials: Terminal.environment("CREDENTIALS_DIRECTORY"))
            return try Gateway(account, transport: CurlTransport(configuration: .ordinary), surroundings: .system)
        } catch {
            throw WebhookFailure.said("gateway \(name): \(error)", .configuration)
        }
    }

    /// A callback as the platform would sign it.
    static func sample(_ gateway: Gateway, _ word: String) throws -> GatewayCallback {
        guard let check = gateway.check else { throw WebhookFailure.said("nothing here signs callbacks of this kind", .usage) }
        do throws(ValidationFailure) { return try check.sample(word, at: Terminal.now()) } catch {
            throw WebhookFailure.said("\(error)", .usage)
        }
    }

    /// Whether a callback is genuine, and what it says.
    ///
    /// - Returns: lines for a person; nil in front when it is not genuine.
    static func judge(_ callback: GatewayCallback, _ gateway: Gateway, at now: Timestamp) -> (isGenuine: Bool, lines: [String]) {
        guard let receiver = gateway.callbacks else { return (false, ["gateway \(gateway.account) takes no callbacks"]) }
        let event: CallbackEvent
        do throws(CallbackFault) { event = try receiver.verify(callback, at: now) } catch {
            return (false, ["not valid: " + PlainText.escaped(error.words)])
        }
        guard case .keep(let key) = event else { return (true, ["valid: a question that is answered at once"]) }
        var lines = ["valid: event \(PlainText.escaped(key))"]
        do throws(ValidationFailure) {
            for news in try receiver.read(callback.body) { lines.append("  " + PlainText.escaped(InboxEffects.words(news))) }
        } catch {
            lines.append("  cannot be read: " + PlainText.escaped("\(error)"))
        }
        return (true, lines)
    }
}
