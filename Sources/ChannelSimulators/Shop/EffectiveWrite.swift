package import ChannelAdapters
package import Commerce

/// One write of the hub that changed what the shop holds.
package struct EffectiveWrite: Hashable, Sendable {
    /// The operation's id; empty when the hub sent none.
    package let operation: String
    package let entity: RemoteRef
    /// nil when the whole entity was removed.
    package let unit: UnitName?
    /// As stored; nil for a removal.
    package let value: JSON?
}
