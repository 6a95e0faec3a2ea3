import ChannelAdapters
import ChannelSimulators
import Commerce

/// One account at one simulated platform: where it is, how it is configured, and what its own books say.
///
/// A platform more is a maker more in an extension like ``stripe(_:time:random:)``, and a place in ``Platforms/makers``.
struct Platform: Sendable {
    let id: ChannelID
    let kind: GatewayKind
    /// As it stands in the addresses the account is configured with.
    let host: String
    let simulator: any GatewaySimulator
    /// The account as its operator would configure it, with the keys that are in force now.
    let account: @Sendable () -> GatewayAccount
    /// The words that change its keys, in the order they are said.
    let keyWords: [String]
    /// Whether the platform takes an answer for its word for success.
    let isSuccess: @Sendable (HTTPResponse) -> Bool
    /// The platform's own name for the event a callback tells.
    let event: @Sendable ([UInt8]) -> String?
    /// Whether a body is none the platform sent whole to this account.
    let isStrange: @Sendable ([UInt8]) -> Bool
    let books: @Sendable () throws -> PlatformBooks

    func turn(_ dials: GatewayDials) throws { _ = try simulator.control("dials", dials.json) }

    /// A buyer pays under a number of ours; nothing happens when it cannot be paid any more.
    func pay(_ number: String) throws { _ = try simulator.control("pay", ["number": .string(number)]) }
}

/// What a platform did, whatever it said of it.
struct PlatformBooks: Sendable {
    struct Movement: Sendable {
        let number: String
        let amount: Int64
    }

    var payments: [Movement] = []
    /// Without those that failed.
    var refunds: [Movement] = []
}

extension Platform {
    static func stripe(_ id: ChannelID, time: any TimeSource, random: any RandomSource) -> Platform {
        let host = "\(id).example"
        let simulator = StripeSimulator(time: time, random: random, callbackURL: "\(HubDoor.address)/\(id)")
        return Platform(
            id: id, kind: .stripe, host: host, simulator: simulator,
            account: { simulator.account(id, settings: ["endpoint": "https://\(host)"]) },
            keyWords: ["rotate_secret", "retire_secret"], isSuccess: { (200..<300).contains($0.status) },
            event: { body in Platform.member("id", of: body)?.string },
            // Altered on the way by a space behind it; of another merchant by its name in it.
            isStrange: { body in body.last == 0x20 || Platform.member("account", of: body) != nil },
            books: {
                let ledger = try simulator.control("ledger", [:])
                let movement = { (entry: JSON) in PlatformBooks.Movement(number: entry["number"]?.string ?? "", amount: entry["amount"]?.integer ?? 0) }
                return PlatformBooks(
                    payments: (ledger["payments"]?.array ?? []).map(movement),
                    refunds: (ledger["refunds"]?.array ?? []).filter { $0["status"]?.string != "failed" }.map(movement))
            })
    }

    private static func member(_ name: String, of body: [UInt8]) -> JSON? {
        do { return try JSON.parse(body)[name] } catch { return nil }
    }
}
