import ChannelAdapters
import Commerce
import Store

/// One comparison under way.
struct Round: Sendable {
    let order: RoundOrder
    let record: ChannelRecord
    let capabilities: Capabilities
    let number: Int64
    let startedAt: Timestamp
    var figures: RoundFigures
    /// Where in the channel's listing it is.
    var position: String?
    /// The last listing of the page before, where it was read by itself.
    var readAhead: RemoteRef?
    /// What a dry run has seen; the others keep it in the store.
    var seen: Set<EntityRef> = []
    /// What was on its way when the reading was asked for that is judged now.
    var before: ExpectedListing.Unsettled?
    /// What the worker's tally said when it began.
    var bytesBefore: Int64 = 0
}
