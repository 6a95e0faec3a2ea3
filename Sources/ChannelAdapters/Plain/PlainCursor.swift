import Commerce

/// Where a pull by `updated_at` stands.
///
/// A *pass* reads pages from a floor to the end. A backend stamps an edit when it begins
/// and shows it when it commits, so the next pass starts again a little before the moment
/// this one began: what is read twice is known by its content and costs nothing but the
/// reading, what is missed is missed for ever.
struct PlainCursor: Hashable {
    /// The pass reads from here, inclusive.
    var since: Timestamp
    /// The last item read at `since`; nil at the start of a pass.
    var after: String?
    /// The channel's own time when the pass began, less the overlap: the next pass's floor.
    var floor: Timestamp

    static let beginning = PlainCursor(
        since: Timestamp(milliseconds: 0), after: nil, floor: Timestamp(milliseconds: 0))

    var text: String {
        var object = JSONObject()
        object["after"] = after.map { .string($0) }
        object["floor"] = .integer(floor.milliseconds)
        object["since"] = .integer(since.milliseconds)
        return JSON.object(object).text
    }

    init(since: Timestamp, after: String?, floor: Timestamp) {
        self.since = since
        self.after = after
        self.floor = floor
    }

    init(_ cursor: PullCursor) throws(ChannelError) {
        let json: JSON
        do {
            json = try JSON.parse(cursor.text)
        } catch {
            throw .resyncNeeded(reason: "the cursor is not one of this adapter's")
        }
        guard let since = json["since"]?.integer, let floor = json["floor"]?.integer, since >= 0, floor >= 0 else {
            throw .resyncNeeded(reason: "the cursor is not one of this adapter's")
        }
        self.init(
            since: Timestamp(milliseconds: since), after: json["after"]?.string,
            floor: Timestamp(milliseconds: floor))
    }

    /// The cursor behind a page.
    ///
    /// - Parameters:
    ///   - last: The last item of the page, read or not.
    ///   - serverTime: The answer's `Date`; without one the newest edit seen stands in.
    ///   - ownTime: The hub's own clock, which stands in where the channel says nothing of its own.
    func advanced(
        past last: (updatedAt: Timestamp, name: String)?, more: Bool, serverTime: Timestamp?, overlap: Duration,
        ownTime: Timestamp
    ) -> PlainCursor {
        // The channel's clock was ahead when the floor was set and has been put right since: whatever is edited now
        // is stamped before the floor and would never be read again.
        if after == nil, floor > serverTime ?? ownTime { return .beginning }
        var next = self
        if after == nil, let serverTime {
            // Only the first page of a pass sets the floor: what changes later in the pass may be missed by it.
            next.floor = max(floor, Timestamp(milliseconds: max(0, (serverTime.milliseconds - overlap.milliseconds))))
        } else if serverTime == nil, let last {
            // One item stamped in a far year says nothing of when the next edit will be.
            let newest = min(last.updatedAt, ownTime)
            next.floor = max(floor, Timestamp(milliseconds: max(0, newest.milliseconds - overlap.milliseconds)))
        }
        if more, let last {
            next.since = last.updatedAt
            next.after = last.name
        } else {
            next.since = next.floor
            next.after = nil
        }
        return next
    }
}
