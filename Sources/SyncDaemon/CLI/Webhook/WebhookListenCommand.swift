import ArgumentParser
import ChannelAdapters
import Commerce
import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle
import UnixSignals

struct WebhookListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Receive requests on this machine, verify them and print them.",
        discussion: """
            Listens at 127.0.0.1 only, takes any path and answers 204, or what --answer says. Says on standard error where
            it listens; every request is printed with what is wrong with its signature. Ends with INT or TERM.

            Examples:
              heyi callback listen --port 9000 --secret-file web.secret
              heyi callback listen --port 9000 --channel web --answer 500 --every 3
              heyi callback listen --json | jq .body
            """)

    @Option(name: .long, help: "0 lets the system choose.") var port = 9_000
    @OptionGroup var secret: WebhookSecretOptions
    @Option(name: .long, help: "Verify as for this channel of the configuration.") var channel: String?
    @Option(name: .long, help: "The status to answer with, 200…599.") var answer: Int?
    @Option(name: .long, help: "Give that answer to each N-th request only; the others get 204.") var every = 1
    @Option(name: .long, help: "Wait so long before answering.") var delay = "0s"
    @Flag(name: .long, help: "Print each request as a JSON object on a line.") var json = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0…65535, got \(port)") }
        if let answer, !(200...599).contains(answer) { throw ValidationError("--answer must be 200…599, got \(answer)") }
        guard every >= 1 else { throw ValidationError("--every must be 1 or more, got \(every)") }
        guard DurationText.read(delay) != nil else { throw ValidationError("--delay must be a time such as 2s, got \(delay)") }
    }

    func run() async throws {
        let isVerified = channel != nil || !secret.secretFile.isEmpty || secret.secretEnv != nil
        let secrets = isVerified ? try secret.secrets(of: channel) : []
        if isVerified { _ = try WebhookFailure.signatures(secrets) }
        var logger = Logger(label: "heyi.webhook", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let words = isVerified ? "verifying with \(secrets.count) secret\(secrets.count == 1 ? "" : "s")" : "without a secret nothing is verified"
        let application = Application(
            responder: WebhookReceiver(
                secrets: secrets, answer: answer, every: every, delay: DurationText.read(delay) ?? .zero, json: json),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in
                Terminal.say("listening at http://127.0.0.1:\(channel.localAddress?.port ?? 0), \(words)")
            },
            logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do { try await group.run() } catch {
            throw WebhookFailure.said("cannot listen at 127.0.0.1:\(port): \(error)", .unreachable)
        }
    }
}
