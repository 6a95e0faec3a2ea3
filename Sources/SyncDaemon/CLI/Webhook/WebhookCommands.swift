import ArgumentParser

struct WebhookCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callback", abstract: "Sign, verify, send, receive and replay callbacks.",
        discussion: """
            Signatures are those of Standard Webhooks 1.0. A secret is read from a file or a variable and never
            stands on the command line, where everybody on the machine can read it.

            Examples:
              heyi callback sign --channel web --body body.json
              heyi callback verify --channel web --headers headers --body body.json
              heyi callback trigger web changed
              heyi callback listen --port 9000 --channel web
              heyi callback trigger stripe paid
              heyi callback verify --gateway stripe --headers headers --body body.json
              heyi callback show 812
              heyi callback replay --since 1h --dry-run
            """,
        subcommands: [
            WebhookSignCommand.self, WebhookVerifyCommand.self, WebhookTriggerCommand.self, WebhookListenCommand.self,
            WebhookReplayCommand.self, CallbackShowCommand.self,
        ], aliases: ["webhook"])
}
