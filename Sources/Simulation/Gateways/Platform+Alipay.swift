import ChannelAdapters
import ChannelSimulators
import Commerce

extension Platform {
    /// With plain keys or with certificates, and with codes to scan or pages to go to, as its seed has it.
    static func alipay(_ id: ChannelID, time: any TimeSource, random: SeededRandom) throws -> Platform {
        let host = "\(id).example"
        let donor = try (random.coin() ? PlatformKeys.alipay : PlatformKeys.alipayCertified).get()
        let way = ["qr", "page", "wap"][random.below(3)]
        let simulator = AlipaySimulator(
            keysOf: donor, surroundings: Surroundings(time: time, random: random, ids: CountingIDs(prefix: "\(id)")), host: host)
        return Platform(
            id: id, kind: .alipay, host: host, simulator: simulator,
            account: { simulator.account(id, callbackURL: "\(HubDoor.address)/\(id)", settings: ["way": way]) },
            keyWords: [("rotate", [:])],
            pay: { number, shown in
                // Whoever has a page pays there; whoever scanned a code, or began before, by the number.
                try attempt(simulator, shown["url"].map { ["url": $0] } ?? ["number": .string(number)])
            },
            isSuccess: { $0.status == 200 && $0.body == Array("success".utf8) },
            event: { body in AlipaySimulator.notified(body)["notify_id"] },
            // Altered on the way to a cent; of another merchant by his application's number.
            isStrange: { body in
                let fields = AlipaySimulator.notified(body)
                return fields["total_amount"] == "0.01" || fields["app_id"] != AlipaySimulator.appID
            },
            books: {
                let trades = try simulator.control("ledger", [:])["trades"]?.array ?? []
                return PlatformBooks(
                    payments: trades.filter { ($0["captured"]?.integer ?? 0) > 0 }.map { trade in
                        PlatformBooks.Movement(number: trade["number"]?.string ?? "", amount: trade["captured"]?.integer ?? 0)
                    },
                    refunds: trades.flatMap { $0["given"]?.array ?? [] }.map { given in
                        PlatformBooks.Movement(number: given["number"]?.string ?? "", amount: given["amount"]?.integer ?? 0)
                    })
            })
    }
}
