import ArgumentParser
import Commerce

/// What every command that asks the daemon understands.
struct OperatorOptions: ParsableArguments {
    @Flag(name: .long, help: "Print the daemon's JSON unchanged.")
    var json = false

    @Option(name: .long, help: "The daemon's socket. Default: $HEYI_SOCKET, else heyi.sock in $RUNTIME_DIRECTORY or /run/heyi.")
    var socket: String?

    var client: SocketClient { OperatorOptions.client(socket) }

    /// The client of a socket, or of the one that is usual here.
    static func client(_ socket: String?) -> SocketClient {
        let directory = ConfigurationSource.firstDirectory(Terminal.environment("RUNTIME_DIRECTORY")) ?? "/run/heyi"
        return SocketClient(path: socket ?? Terminal.environment("HEYI_SOCKET") ?? "\(directory)/heyi.sock")
    }

    /// Asks, and either passes the JSON on or hands it to `show`.
    func ask(_ request: SocketClient.Request, show: (JSON) throws -> [String]) throws {
        try CommandFailure.explained {
            let bytes = try client.bytes(request)
            if json {
                Terminal.pass(bytes[...])
                if bytes.last != UInt8(ascii: "\n") { Terminal.print("") }
                return
            }
            let answer = bytes.isEmpty ? JSON.null : try JSON.parse(bytes)
            Terminal.print(try show(answer))
        }
    }
}

/// Turns whatever went wrong into words on standard error and an exit code.
enum CommandFailure {
    static func explained(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ClientError {
            throw exit(for: error)
        } catch let error as JSONError {
            Terminal.say("heyi: the daemon's answer is no JSON: \(error)")
            throw ExitStatus.bug.exit
        }
    }

    private static func exit(for error: ClientError) -> ExitCode {
        switch error {
        case .unreachable(let path, let reason):
            Terminal.say("heyi: no daemon answers at \(path): \(reason)")
            Terminal.say("next: systemctl status heyi, or heyi serve; another socket: --socket PATH or HEYI_SOCKET")
            return ExitStatus.unreachable.exit
        case .forbidden(let path):
            Terminal.say("heyi: you may not use \(path)")
            Terminal.say("next: run this as root, or join the group heyi: sudo adduser $USER heyi")
            return ExitStatus.permission.exit
        case .broken(let reason):
            Terminal.say("heyi: the daemon's answer broke off: \(reason)")
            Terminal.say("next: heyi status")
            return ExitStatus.unreachable.exit
        case .refused(let status, let body):
            let problem = document(body)
            Terminal.say("heyi: " + PlainText.escaped(words(of: problem, status: status)))
            if let next = problem["next"]?.string { Terminal.say("next: " + PlainText.escaped(next)) }
            return ExitStatus(httpStatus: status).exit
        }
    }

    /// What a refusal says, its field first and once.
    static func words(of problem: JSON, status: Int) -> String {
        let words = problem["detail"]?.string ?? problem["title"]?.string ?? "the daemon answered \(status)"
        guard let field = problem["field"]?.string, !words.hasPrefix("\(field):") else { return words }
        return "\(field): \(words)"
    }

    /// The problem document of a refusal; null for an answer that is none, as a proxy's:
    /// that one is told by its status.
    private static func document(_ body: [UInt8]) -> JSON {
        do throws(JSONError) { return try JSON.parse(body) } catch { return .null }
    }
}

extension ExitStatus {
    var exit: ExitCode { ExitCode(rawValue) }
}
