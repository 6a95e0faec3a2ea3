import ArgumentParser

struct WebhookCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Sign, verify, send, receive and replay callbacks.",
        discussion: """
            Signatures are those of Standard Webhooks 1.0. A secret is read from a file or a variable and never
            stands on the command line, where everybody on the machine can read it.
            """,
        subcommands: [
            WebhookSignCommand.self, WebhookVerifyCommand.self, WebhookTriggerCommand.self, WebhookListenCommand.self,
            WebhookReplayCommand.self,
        ])
}
