import ArgumentParser
import Commerce

struct StockCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stock", abstract: "Show, move, hold and audit stock.",
        discussion: "Example:\n  heyi stock show TEA-250G",
        subcommands: [
            List.self, Show.self, Entries.self, Move.self, Rule.self, Holds.self, Hold.self, Release.self, RightCommands.self,
            Publish.self, Audit.self, Notices.self, Settle.self, WarehouseCommands.self,
        ], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what there is of every SKU.", discussion: "Examples:\n  heyi stock list\n  heyi stock list --low")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "Only what runs low.") var low = false

        func run() throws {
            let target = SocketClient.target("stock", page.query + [("low", low ? "true" : nil)])
            try options.ask(.init(target: target)) { StockView.levels.lines($0) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one SKU: its accounts, who holds it, what channels see and what moved last.",
            discussion: "Example:\n  heyi stock show TEA-250G")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "A SKU's id, code or alias.") var sku: String

        func run() throws {
            try options.ask(.init(target: SocketClient.target("stock/\(SocketClient.encoded(sku))"))) { StockView.report($0) }
        }
    }

    struct Entries: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every movement of a SKU, newest first.", discussion: "Example:\n  heyi stock entries TEA-250G --limit 200")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Argument(help: "A SKU's id, code or alias.") var sku: String

        func run() throws {
            let target = SocketClient.target("stock/\(SocketClient.encoded(sku))/entries", page.query)
            try options.ask(.init(target: target)) { StockView.entries.lines($0) }
        }
    }

    struct Move: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Receive, count, correct or move goods.",
            discussion: """
                What happened is one of receive, count, adjust, damage, mend, scrap, protect, dispatch, arrive and lose. The cause
                is what it happened for, such as a delivery note; the same cause again moves nothing.

                Examples:
                  heyi stock move receive TEA-250G 40 --cause po-2026-118
                  heyi stock move count TEA-250G 37 --cause count-2026-03
                  heyi stock move adjust TEA-250G -- -2 --cause fix-7 --reason "two were samples"
                  heyi stock move dispatch TEA-250G 10 --to north --cause truck-12
                  heyi stock move arrive TEA-250G 10 --at north --cause truck-12/arrived
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "What happened.") var act: String
        @Argument(help: "A SKU's id, code or alias.") var sku: String
        @Argument(help: "How many; for count, how many lie there, and for protect, how many to keep back.") var quantity: Int
        @Option(help: "What it happened for.") var cause: String
        @Option(help: "The warehouse.") var at = "main"
        @Option(help: "The warehouse goods leave for.") var to: String?
        @Option(help: "Why; a correction takes one.") var reason: String?

        func run() throws {
            var body = JSONObject([
                ("act", .string(act)), ("sku", .string(sku)), ("quantity", .integer(Int64(quantity))), ("cause", .string(cause)),
                ("warehouse", .string(at)),
            ])
            body["to"] = to.map(JSON.string)
            body["reason"] = reason.map(JSON.string)
            try options.ask(.init(method: "POST", target: SocketClient.target("stock-moves"), body: .json(.object(body)))) {
                StockView.moved($0)
            }
        }
    }

    struct Rule: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set how many may be promised that are not there, and below how many to tell.",
            discussion: "Examples:\n  heyi stock rule TEA-250G --backorders 20\n  heyi stock rule TEA-250G --tell-below 5")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "A SKU's id, code or alias.") var sku: String
        @Option(help: "The warehouse.") var at = "main"
        @Option(help: "Units that may be promised and are not there.") var backorders = 0
        @Option(help: "Tell when fewer than this are free.") var tellBelow: Int?

        func run() throws {
            var body = JSONObject([("warehouse", .string(at)), ("backorder_limit", .integer(Int64(backorders)))])
            body["alert_below"] = tellBelow.map { .integer(Int64($0)) }
            let target = SocketClient.target("stock/\(SocketClient.encoded(sku))/rule")
            try options.ask(.init(method: "PUT", target: target, body: .json(.object(body)))) { StockView.report($0) }
        }
    }
}
