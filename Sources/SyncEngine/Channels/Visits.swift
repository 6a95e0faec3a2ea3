package import ChannelAdapters
package import Commerce
import ConflictResolution
package import Store

/// Serves channels that come to the hub themselves: they read the feed and post edits.
package struct Visits: Sendable {
    private let store: Store
    /// Whether a visitor keeps clocks is seen from what it sends; what it stores is its own affair.
    private static let visitor = Capabilities(
        keepsClocks: true, comparesAndSwaps: false, recognisesKeys: true, batchMax: 500)

    package init(store: Store) { self.store = store }

    /// A page of what a channel has not acknowledged yet.
    package struct Page: Sendable {
        package let deltas: [OutgoingDelta]
        /// Present this as `since` next time; doing so acknowledges this page.
        package let next: Int64
        package let complete: Bool
    }

    /// Reads the feed for a visiting channel; `since` acknowledges everything before it.
    package func page(_ id: ChannelID, since: Int64, limit: Int) async throws(StoreError) -> Page {
        let generation = store.life.generation
        let page = try await store.read { reading throws(StoreError) in
            let channel = try reading.requireChannel(id)
            let settings = ChannelSettings(json: channel.settings)
            let newest = try reading.newestSequence()
            guard since >= 0, since <= newest else {
                throw .invalid(
                    ValidationFailure(field: "since", reason: "lies beyond this feed, which ends at \(newest); take a snapshot"))
            }
            let page = try reading.feed(after: since, limit: limit)
            var deltas: [OutgoingDelta] = []
            for change in page.changes
            where settings.wants(change.unit.unit, channel: id, offered: nil) {
                deltas.append(try reading.outgoing(change, for: channel, generation: generation))
            }
            return Page(deltas: deltas, next: page.through, complete: page.changes.count < limit && page.through >= page.newest)
        }
        try await acknowledge(id, since)
        return page
    }

    private func acknowledge(_ id: ChannelID, _ position: Int64) async throws(StoreError) {
        let behind = try await store.read { reading throws(StoreError) in
            let channel = try reading.requireChannel(id)
            return try reading.cursor(channel, .push).position < position
        }
        guard behind else { return }
        try await store.write { writing throws(StoreError) in
            let channel = try writing.reading.requireChannel(id)
            if try writing.reading.cursor(channel, .push).position < position {
                try writing.advance(channel, to: position)
            }
        }
    }

    /// Takes up posted edits in one transaction and remembers the answer under the message's id.
    ///
    /// - Parameter render: turns what became of each edit into the answer that is remembered.
    /// - Returns: the answer, new or as it was given to this message before; nil when the
    ///   id was used before with another body.
    package func accept(
        _ id: ChannelID, message: String, body: [UInt8], observations: [Observation],
        render: @escaping @Sendable ([Observed], Reading) throws(StoreError) -> [UInt8]
    ) async throws(StoreError) -> [UInt8]? {
        try await store.write { writing throws(StoreError) in
            let scope = "ch:\(id)"
            if let remembered = try writing.reading.answer(scope: scope, key: message, request: body) {
                return remembered.sameRequest ? remembered.body : nil
            }
            let channel = try writing.reading.requireChannel(id)
            guard channel.state != .retired else { throw .contradiction("channel \(id) is retired") }
            let results = try Intake(writing, channel: channel, capabilities: Visits.visitor).takeEach(observations)
            let answer = try render(results, writing.reading)
            try writing.remember(scope: scope, key: message, request: body, status: 200, answer: answer)
            return answer
        }
    }
}

extension Reading {
    /// A change as a channel gets it.
    package func outgoing(
        _ change: Change, for channel: ChannelRecord, generation: String
    ) throws(StoreError) -> OutgoingDelta {
        PushItem(
            change: change, remote: try remote(change.unit.entity, of: channel),
            operation: OperationID.of(channel: channel.id, change: change, generation: generation), expecting: nil,
            exception: nil
        ).delta(self, planted: nil)
    }
}

extension Reading {
    /// What a channel calls an entity.
    package func remoteName(_ entity: EntityRef, of channel: ChannelRecord) throws(StoreError) -> RemoteRef {
        try remote(entity, of: channel)
    }
}
