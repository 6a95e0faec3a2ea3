import ChannelAdapters
import Commerce

/// Takes platforms' callbacks in, raw, and knows the accounts they are for.
protocol GatewayDesk: Sendable {
    /// Proves a callback, keeps it and returns the platform's own words once it is durable; nil where no such account is.
    func receive(_ name: String, _ callback: GatewayCallback) async -> CallbackAnswer?
    /// The accounts as they are configured, and how they stand.
    func gateways() async throws(DeskError) -> [GatewayReport]
    /// Tries an account's keys without moving anything.
    func check(_ name: String) async throws(DeskError) -> GatewayHealth
    /// Makes a callback as the platform would send it, where the keys here suffice, for trying the receiver.
    func sample(_ name: String, _ word: String) async throws(DeskError) -> GatewayCallback
}

/// One account, as operators see it.
struct GatewayReport: Hashable, Sendable {
    let id: ChannelID
    let kind: GatewayKind
    /// What of the contract it does: payments, callbacks, bills, parcels.
    let parts: [String]
    /// Why it is not in use; nil while it is.
    let fault: String?
    let callbackURL: String?
    /// Callbacks that were let in, refused, and the last of each, since the daemon started.
    let admitted: Int
    let refused: Int
    let lastAdmitted: Timestamp?
    let lastRefused: Timestamp?
    /// Why the last one was refused; never what was in it.
    let lastRefusal: String?

    var json: JSON {
        [
            "id": .string(id.text), "kind": .string(kind.rawValue), "parts": .array(parts.map(JSON.string)),
            "fault": fault.map(JSON.string) ?? .null, "callback_url": callbackURL.map(JSON.string) ?? .null,
            "admitted": .integer(Int64(admitted)), "refused": .integer(Int64(refused)),
            "last_admitted": lastAdmitted.map { .integer($0.milliseconds) } ?? .null,
            "last_refused": lastRefused.map { .integer($0.milliseconds) } ?? .null,
            "last_refusal": lastRefusal.map(JSON.string) ?? .null,
        ]
    }
}
