import ArgumentParser

@main
struct Heyi: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heyi", abstract: "Keeps web shops and apps in step with one master catalog.",
        discussion: """
            Commands ask the running daemon over its UNIX socket; doctor and support-bundle make do without one. serve, demo, \
            restore, check-config, completion, simulate, bench and callback sign, verify, trigger and listen need none.

            Exit codes: 0 well, 1 needs attention, 2 the doctor found a failure, 64 usage, 65 bad data, 69 no daemon answers, 70 our bug, \
            73 cannot create, 75 try later, 77 no permission, 78 configuration.
            """,
        version: Heyi.version,
        subcommands: [
            ServeCommand.self, DemoCommand.self, StatusCommand.self, DoctorCommand.self, LogCommand.self, WhyCommand.self,
            ChannelCommands.self, ConflictCommands.self, InboxCommands.self, QueueCommands.self,
            GatewayCommands.self, ParcelCommands.self, ReconcileCommands.self, TopCommand.self, WebhookCommands.self,
            StockCommands.self, OrderCommands.self, AfterSaleCommands.self, PriceCommands.self, CouponCommands.self, ImportCommand.self, ExportCommand.self, BackupCommand.self, RestoreCommand.self,
            CheckConfigCommand.self, SupportBundleCommand.self, TokenCommands.self, SimulateCommand.self, CompletionCommand.self,
            BenchCommand.self, BenchLoadCommand.self, BenchShopCommand.self,
        ])

    static let version = "0.1.0"
}
