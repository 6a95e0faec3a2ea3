import ChannelAdapters
import ChannelSimulators
import Commerce

extension Platform {
    static func stripe(_ id: ChannelID, time: any TimeSource, random: any RandomSource) -> Platform {
        let host = "\(id).example"
        let simulator = StripeSimulator(time: time, random: random, callbackURL: "\(HubDoor.address)/\(id)")
        return Platform(
            id: id, kind: .stripe, host: host, simulator: simulator,
            account: { simulator.account(id, settings: ["endpoint": "https://\(host)"]) },
            keyWords: [("rotate_secret", [:]), ("retire_secret", [:])],
            pay: { number, _ in _ = try simulator.control("pay", ["number": .string(number)]) },
            isSuccess: { (200..<300).contains($0.status) },
            event: { body in member("id", of: body)?.string },
            // Altered on the way by a space behind it; of another merchant by its name in it.
            isStrange: { body in body.last == 0x20 || member("account", of: body) != nil },
            books: {
                let ledger = try simulator.control("ledger", [:])
                let movement = { (entry: JSON) in PlatformBooks.Movement(number: entry["number"]?.string ?? "", amount: entry["amount"]?.integer ?? 0) }
                return PlatformBooks(
                    payments: (ledger["payments"]?.array ?? []).map(movement),
                    refunds: (ledger["refunds"]?.array ?? []).filter { $0["status"]?.string != "failed" }.map(movement))
            })
    }
}
