import ArgumentParser

struct WebhookCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Sign, verify, send, receive and replay callbacks.",
        discussion: """
            Signatures are those of Standard Webhooks 1.0. A secret is read from a file or a variable and never
            stands on the command line, where everybody on the machine can read it.

            Examples:
              heyi webhook sign --channel web --body body.json
              heyi webhook verify --channel web --headers headers --body body.json
              heyi webhook trigger web changed
              heyi webhook listen --port 9000 --channel web
              heyi webhook replay --since 1h --dry-run
            """,
        subcommands: [
            WebhookSignCommand.self, WebhookVerifyCommand.self, WebhookTriggerCommand.self, WebhookListenCommand.self,
            WebhookReplayCommand.self,
        ])
}
