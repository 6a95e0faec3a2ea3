import ArgumentParser

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completions of a shell.",
        discussion: "Example:\n  heyi completion bash > /usr/share/bash-completion/completions/heyi")

    @Argument(help: "bash, zsh or fish.") var shell: String

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw ValidationError("the shell must be bash, zsh or fish, got \(shell)")
        }
        Terminal.print(Heyi.completionScript(for: shell))
    }
}
