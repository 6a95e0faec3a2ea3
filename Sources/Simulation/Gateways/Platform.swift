import ChannelAdapters
import ChannelSimulators
import Commerce

/// One account at one simulated platform: where it is, how it is configured, and what its own books say.
///
/// A platform more is a maker more in an extension like ``stripe(_:time:random:)``, and a case in ``make(_:as:time:random:)``.
struct Platform: Sendable {
    let id: ChannelID
    let kind: GatewayKind
    /// As it stands in the addresses the account is configured with.
    let host: String
    let simulator: any GatewaySimulator
    /// The account as its operator would configure it, with the keys that are in force now.
    let account: @Sendable () -> GatewayAccount
    /// The words that change its keys, in the order they are said.
    let keyWords: [(word: String, body: JSON)]
    /// A buyer pays under a number of ours, with what he was shown; nothing happens when it cannot be paid any more.
    let pay: @Sendable (String, JSON) throws -> Void
    /// Whether the platform takes an answer for its word for success.
    let isSuccess: @Sendable (HTTPResponse) -> Bool
    /// The platform's own name for the event a callback tells.
    let event: @Sendable ([UInt8]) -> String?
    /// Whether a body is none the platform sent whole to this account.
    let isStrange: @Sendable ([UInt8]) -> Bool
    let books: @Sendable () throws -> PlatformBooks

    func turn(_ dials: GatewayDials) throws { _ = try simulator.control("dials", dials.json) }
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
    /// - Throws: for a kind that takes no payments.
    static func make(_ id: ChannelID, as kind: GatewayKind, time: any TimeSource, random: SeededRandom) throws -> Platform {
        switch kind {
        case .stripe: .stripe(id, time: time, random: random)
        case .weChatPay: try .weChatPay(id, time: time, random: random)
        case .alipay: try .alipay(id, time: time, random: random)
        default: throw ValidationFailure(field: "kind", reason: "\(kind.rawValue) takes no payments")
        }
    }

    /// Has a buyer try to pay: what cannot be paid any more is told to him, and changes nothing.
    static func attempt(_ simulator: any GatewaySimulator, _ body: JSON) throws {
        do throws(ValidationFailure) { _ = try simulator.control("pay", body) } catch {
            guard ["number", "out_trade_no", "url"].contains(error.field) else { throw error }
        }
    }

    static func member(_ name: String, of body: [UInt8]) -> JSON? {
        do { return try JSON.parse(body)[name] } catch { return nil }
    }
}
