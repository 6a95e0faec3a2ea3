import ArgumentParser
import Commerce

extension StockCommands {
    struct RightCommands: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rights", abstract: "Show and change what channels may sell without asking.",
            subcommands: [List.self, Grant.self, Withdraw.self, Confirm.self, End.self, Balance.self], defaultSubcommand: List.self)

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Show what each channel may sell on its own.",
                discussion: "Examples:\n  heyi stock rights list\n  heyi stock rights list --channel web")
            @OptionGroup var options: OperatorOptions
            @Option(help: "Only this channel.") var channel: String?
            @Option(help: "Only this SKU.") var sku: String?

            func run() throws {
                let target = SocketClient.target("rights", [("channel", channel), ("sku", sku)])
                try options.ask(.init(target: target)) { StockView.rights.lines($0) }
            }
        }

        struct Grant: RightCommand {
            static let act = "grant"
            static let configuration = CommandConfiguration(
                abstract: "Let a channel sell more: out of the pool now, told after.",
                discussion: "Example:\n  heyi stock rights grant web TEA-250G --units 20 --cause spring-sale")
            @OptionGroup var options: OperatorOptions
            @OptionGroup var selection: RightSelection
            @Option(help: "How many more.") var units: Int
        }

        struct Withdraw: RightCommand {
            static let act = "withdraw"
            static let configuration = CommandConfiguration(
                abstract: "Begin to take back what a channel may sell: told now, in the pool when it has confirmed.",
                discussion: "Example:\n  heyi stock rights withdraw web TEA-250G --units 5 --cause after-sale")
            @OptionGroup var options: OperatorOptions
            @OptionGroup var selection: RightSelection
            @Option(help: "How many less.") var units: Int
        }

        struct Balance: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Let the rights to a SKU follow demand, or leave them where they are.",
                discussion: """
                    So many units are spread over the channels that have a right to it, by what each sold in its busiest hour
                    lately. A channel that does not answer keeps what it has.

                    Examples:
                      heyi stock rights balance TEA-250G --units 100
                      heyi stock rights balance TEA-250G --off
                    """)
            @OptionGroup var options: OperatorOptions
            @Argument(help: "A SKU's id, code or alias.") var sku: String
            @Option(help: "How many units are spread.") var units: Int?
            @Flag(help: "Leave rights where they are.") var off = false

            func validate() throws {
                guard (units == nil) == off else { throw ValidationError("say --units N or --off") }
            }

            func run() throws {
                let body: JSON = ["sku": .string(sku), "units": units.map { .integer(Int64($0)) } ?? .null]
                try options.ask(.init(method: "PUT", target: SocketClient.target("rights/balance"), body: .json(body))) { _ in
                    [off ? "the rights to \(sku) stay where they are" : "the rights to \(sku) follow demand: heyi stock rights"]
                }
            }
        }

        struct Confirm: RightCommand {
            static let act = "confirm"
            static let configuration = CommandConfiguration(
                abstract: "Say for a channel that it sells no more than it was told.",
                discussion: "Only when you have seen it there: what it sells after all is owed.\n\nExample:\n  heyi stock rights confirm web TEA-250G --cause after-sale")
            @OptionGroup var options: OperatorOptions
            @OptionGroup var selection: RightSelection
            var units: Int { 0 }
        }

        struct End: RightCommand {
            static let act = "end"
            static let configuration = CommandConfiguration(
                abstract: "End a withdrawal that the channel has refused; it keeps its right.",
                discussion: "Example:\n  heyi stock rights end web TEA-250G --cause after-sale")
            @OptionGroup var options: OperatorOptions
            @OptionGroup var selection: RightSelection
            var units: Int { 0 }
        }
    }

    struct Publish: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set how much of the stock a channel is shown.",
            discussion: """
                Without a SKU it is for all that have no rule of their own. What is left out is as for a channel without a rule.

                Examples:
                  heyi stock publish web --share 80 --keep 5
                  heyi stock publish app TEA-250G --most 20 --fence 3
                  heyi stock publish marketplace --share 0
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The channel.") var channel: String
        @Argument(help: "A SKU's id, code or alias.") var sku: String?
        @Option(help: "Percent of what is free, 0 to 100; 0 shows its right alone.") var share = 100
        @Option(help: "Take so many off before anything else.") var keep = 0
        @Option(help: "Show none when fewer than this would be shown.") var least = 0
        @Option(help: "Never show more than this.") var most: Int?
        @Option(help: "Units nobody else can hold.") var fence = 0

        func validate() throws {
            guard (0...100).contains(share) else { throw ValidationError("--share must be 0…100, got \(share)") }
        }

        func run() throws {
            var body = JSONObject([
                ("channel", .string(channel)), ("share", .integer(Int64(share) * 10)), ("buffer", .integer(Int64(keep))),
                ("floor", .integer(Int64(least))), ("ring_fence", .integer(Int64(fence))),
            ])
            body["sku"] = sku.map(JSON.string)
            body["cap"] = most.map { .integer(Int64($0)) }
            try options.ask(.init(method: "PUT", target: SocketClient.target("publishing"), body: .json(.object(body)))) { _ in
                ["\(channel) is shown \(sku ?? "its stock") by the new rule: heyi stock show \(sku ?? "SKU")"]
            }
        }
    }
}

/// Which right.
struct RightSelection: ParsableArguments {
    @Argument(help: "The channel.") var channel: String
    @Argument(help: "A SKU's id, code or alias.") var sku: String
    @Option(help: "What it is for; the same again changes nothing.") var cause: String
    @Option(help: "The warehouse.") var at = "main"
}

/// A change of one right that may be asked for twice.
protocol RightCommand: ParsableCommand {
    static var act: String { get }
    var options: OperatorOptions { get }
    var selection: RightSelection { get }
    /// 0 where it is about a withdrawal that is known.
    var units: Int { get }
}

extension RightCommand {
    func run() throws {
        var body = JSONObject([
            ("act", .string(Self.act)), ("channel", .string(selection.channel)), ("sku", .string(selection.sku)),
            ("cause", .string(selection.cause)), ("warehouse", .string(selection.at)),
        ])
        if units != 0 { body["quantity"] = .integer(Int64(units)) }
        try options.ask(.init(method: "POST", target: SocketClient.target("rights"), body: .json(.object(body)))) {
            StockView.moved($0)
        }
    }
}
