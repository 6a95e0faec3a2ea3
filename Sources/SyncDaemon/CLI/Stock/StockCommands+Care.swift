import ArgumentParser
import Commerce

extension StockCommands {
    struct Audit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare every balance with the sum of its entries.",
            discussion: """
                Exit code 1 when something differs. --repair writes new entries and alters nothing; where entries are missing it
                takes --believe balances, after a look at the newest backup.

                Examples:
                  heyi stock audit
                  heyi stock audit TEA-250G --repair
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "Only this SKU.") var sku: String?
        @Flag(help: "Put balances right.") var repair = false
        @Option(help: "What is believed in a repair: entries or balances.") var believe = "entries"

        func run() throws {
            var request = SocketClient.Request(target: SocketClient.target("stock-audit", [("sku", sku)]))
            if repair {
                var body = JSONObject([("believe", .string(believe))])
                body["sku"] = sku.map(JSON.string)
                request = .init(method: "POST", target: SocketClient.target("stock-audit"), body: .json(.object(body)))
            }
            var found = 0
            try CommandFailure.explained {
                let bytes = try options.client.bytes(request)
                let answer = try JSON.parse(bytes)
                found = answer["data"]?.array?.count ?? 0
                if options.json {
                    Terminal.pass(bytes[...])
                    if bytes.last != UInt8(ascii: "\n") { Terminal.print("") }
                } else {
                    Terminal.print(StockView.audit(answer, repaired: repair))
                }
            }
            if found > 0, !repair { throw ExitStatus.degraded.exit }
        }
    }

    struct Notices: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show sales beyond a right and counts that found too few.",
            discussion: "Examples:\n  heyi stock notices\n  heyi stock notices --settled")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "Those that were dealt with.") var settled = false

        func run() throws {
            let target = SocketClient.target("stock-notices", page.query + [("settled", settled ? "true" : nil)])
            try options.ask(.init(target: target)) { StockView.notices.lines($0) }
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that a notice was dealt with.", discussion: "Example:\n  heyi stock settle 4")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The notice.") var id: Int

        func run() throws {
            try options.ask(.init(method: "POST", target: SocketClient.target("stock-notices/\(id)/settle"))) {
                ["\(id): \(ListView.text($0["result"]))"]
            }
        }
    }

    struct WarehouseCommands: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "warehouse", abstract: "Show, make and close warehouses.", subcommands: [List.self, Put.self],
            defaultSubcommand: List.self)

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Show warehouses in the order goods are taken from them.", discussion: "Example:\n  heyi stock warehouse list")
            @OptionGroup var options: OperatorOptions

            func run() throws {
                try options.ask(.init(target: SocketClient.target("warehouses"))) { StockView.warehouses.lines($0) }
            }
        }

        struct Put: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Make a warehouse, or change one.",
                discussion: "Examples:\n  heyi stock warehouse put north --name North --place 1\n  heyi stock warehouse put north --closed")
            @OptionGroup var options: OperatorOptions
            @Argument(help: "1 to 32 of a-z 0-9 -, beginning with a letter.") var id: String
            @Option(help: "What people call it.") var name = ""
            @Option(help: "Goods are taken from lower places first.") var place = 0
            @Flag(help: "Nothing is held or received there any more.") var closed = false

            func run() throws {
                let body: JSON = ["name": .string(name), "place": .integer(Int64(place)), "closed": .bool(closed)]
                let target = SocketClient.target("warehouses/\(SocketClient.encoded(id))")
                try options.ask(.init(method: "PUT", target: target, body: .json(body))) { _ in
                    ["\(id) is \(closed ? "closed" : "open"): heyi stock warehouse list"]
                }
            }
        }
    }
}
