import ArgumentParser
import ChannelAdapters
import Commerce
import Foundation
import Glibc

/// Where the secrets of a webhook command come from.
struct WebhookSecretOptions: ParsableArguments {
    @Option(name: .long, help: "A file with a secret; again for rotation, the first signs.", completion: .file())
    var secretFile: [String] = []
    @Option(name: .long, help: "A variable of the environment that holds the secret.") var secretEnv: String?
    @Option(name: .long, help: "The configuration that names a channel's secrets. Default: as for heyi serve.", completion: .file())
    var config: String?
    @Option(name: .long, help: .hidden) var secret: String?

    func validate() throws {
        guard secret == nil else {
            throw ValidationError(
                "a secret never stands on the command line: ps shows it to every user of this machine, and the shell keeps it; use --secret-file PATH or --secret-env NAME")
        }
    }

    var configuration: Configuration {
        get throws {
            let source = ConfigurationSource(path: config, environment: ProcessInfo.processInfo.environment, options: [])
            do { return try Configuration.load(source) } catch {
                for problem in error.problems { Terminal.say(problem.description) }
                throw ExitStatus.configuration.exit
            }
        }
    }

    /// The secrets named, or those the configuration names for a channel.
    ///
    /// - Throws: exit code 78 after the reason was said.
    func secrets(of channel: String?) throws -> [Secret] {
        do throws(SecretProblem) {
            let given = try given()
            if !given.isEmpty { return given }
        } catch {
            throw WebhookFailure.said("\(error)", .configuration)
        }
        guard let channel else {
            throw WebhookFailure.said("no secret is named: --secret-file PATH, --secret-env NAME or --channel ID", .usage)
        }
        guard let declared = try configuration.channels.first(where: { $0.id.text == channel }) else {
            throw WebhookFailure.said(
                "the configuration has no channel \(channel); one that was added by a command needs --secret-file", .configuration)
        }
        do throws(SecretProblem) {
            let dialect = ChannelProtocol(rawValue: declared.dialect.rawValue) ?? .delta
            return try ChannelSecrets.read(declared.secrets, dialect, credentials: Terminal.environment("CREDENTIALS_DIRECTORY"))
        } catch {
            throw WebhookFailure.said("channel \(channel): \(error)", .configuration)
        }
    }

    private func given() throws(SecretProblem) -> [Secret] {
        var secrets: [Secret] = []
        for path in secretFile { secrets.append(try SecretReference.file(path).load(credentials: nil)) }
        if let secretEnv {
            guard let text = Terminal.environment(secretEnv), !text.isEmpty else {
                throw SecretProblem(description: "the variable \(secretEnv) is not set or empty")
            }
            secrets.append(Secret(text))
        }
        return secrets
    }
}

/// Ends a webhook command with words on standard error.
enum WebhookFailure {
    static func said(_ words: String, _ status: ExitStatus) -> ExitCode {
        Terminal.say("heyi: \(PlainText.escaped(words))")
        return status.exit
    }

    static func signatures(_ secrets: [Secret], tolerance: Duration = .seconds(StandardWebhooks.toleranceSeconds)) throws -> StandardWebhooks {
        do throws(SecretFault) { return try StandardWebhooks(secrets: secrets, tolerance: tolerance) } catch {
            throw said("\(error)", .configuration)
        }
    }
}

/// The bytes of a message, from a file or standard input.
struct WebhookBody: ParsableArguments {
    @Option(name: .long, help: "The body's file; - or nothing is standard input.", completion: .file()) var body: String?

    /// - Throws: exit code 65 after the reason was said.
    func bytes() throws -> [UInt8] {
        let path = body ?? "-"
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw WebhookFailure.said("\(path): \(String(cString: strerror(errno)))", .badData) }
        defer { if path != "-" { close(descriptor) } }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw WebhookFailure.said("\(path): \(String(cString: strerror(errno)))", .badData) }
            if count == 0 { return all }
            all += piece[..<count]
        }
    }
}
