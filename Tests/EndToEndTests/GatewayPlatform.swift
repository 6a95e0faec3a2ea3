import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing

/// A platform to pay at, as these tests start it and as a buyer names it.
enum Platform: String, CaseIterable, Sendable {
    case weChatPay, alipay, stripe

    /// Whether stories of hours and months are played, too.
    static let isFull = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full"

    /// The account's id.
    var name: String {
        switch self {
        case .weChatPay: "wxpay"
        case .alipay: "alipay"
        case .stripe: "cards"
        }
    }

    /// What a buyer's client asks to pay by.
    var opening: JSON {
        switch self {
        case .weChatPay: ["gateway": .string(name), "way": "native"]
        case .alipay: ["gateway": .string(name), "way": "create", "payer": "2088102363632794"]
        case .stripe: ["gateway": .string(name), "way": "card"]
        }
    }

    /// Another platform, each one's own.
    var next: Platform {
        switch self {
        case .weChatPay: .alipay
        case .alipay: .stripe
        case .stripe: .weChatPay
        }
    }

    var kind: GatewayKind {
        switch self {
        case .weChatPay: .weChatPay
        case .alipay: .alipay
        case .stripe: .stripe
        }
    }

    // Made once: keys take longer than a dozen stories.
    private static let all = Result { try PaymentPlatforms(surroundings: RunningGateway.surroundings(PlatformClock())) }

    /// Starts it on loopback, its callbacks going to `callbackURL`.
    func start(callbackURL: String, clock: PlatformClock) async throws -> RunningGateway {
        let port = try Loopback.freePort()
        let made = try Platform.all.get().make(
            kind, id: ChannelID(name)!, port: port, callbackURL: callbackURL, settings: self == .stripe ? [:] : ["fee_ppm": "6000"],
            surroundings: RunningGateway.surroundings(clock))
        let (simulator, account) = try #require(made)
        return try await RunningGateway.start(simulator, port: port, clock: clock) { _ in account() }
    }
}

/// What a platform's own books say of an order's money.
struct PlatformBooks: Equatable {
    var payments: [String: [Int64]] = [:]
    var refunds: [String: [Int64]] = [:]

    /// Of one order only.
    init(_ ledger: JSON, order: String) {
        payments = PlatformBooks.amounts(ledger["payments"], order)
        refunds = PlatformBooks.amounts(ledger["refunds"], order)
    }

    private static func amounts(_ movements: JSON?, _ order: String) -> [String: [Int64]] {
        var amounts: [String: [Int64]] = [:]
        for one in movements?.array ?? [] {
            guard let number = one["number"]?.string, number.hasPrefix(order), let amount = one["amount"]?.integer else { continue }
            amounts[String(number.dropFirst(order.count + 1)), default: []].append(amount)
        }
        return amounts
    }

    /// - Parameters:
    ///   - paid: by the attempt's id; each amount is an effect on somebody's money.
    ///   - back: by the refund's id.
    init(paid: [String: [Int64]], back: [String: [Int64]] = [:]) {
        payments = paid
        refunds = back
    }
}
