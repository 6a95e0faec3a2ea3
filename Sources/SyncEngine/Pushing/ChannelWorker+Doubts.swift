import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension ChannelWorker {
    /// Reads back what was sent without an answer; nothing else is pushed to those units before.
    func resolveDoubts(
        _ record: ChannelRecord, _ capabilities: Capabilities
    ) async throws(ChannelError) -> Turn? {
        guard surroundings.planted != .skipsReadBack else { return nil }
        let now = surroundings.time.now()
        let due: (doubted: [ChannelException], remotes: [RemoteRef]) = try await stored { () async throws(StoreError) in
            try await self.adoptOpenPushes(record, capabilities)
            return try await self.store.read { reading throws(StoreError) in
                let doubted = try reading.dueExceptions(record, at: now, limit: 500).filter { $0.state == .unknown }
                var remotes: [RemoteRef] = []
                for exception in doubted {
                    let remote = try reading.remote(exception.unit.entity, of: record)
                    if !remotes.contains(remote), remotes.count < 100 { remotes.append(remote) }
                }
                return (doubted, remotes)
            }
        }
        guard !due.doubted.isEmpty else { return nil }
        try await admit()
        pushFigures.requests += 1
        let observations = try await adapter.read(due.remotes)
        try await check(observations, capabilities)
        let remotes = Set(due.remotes)
        let result = try await stored { () async throws(StoreError) in
            try await self.store.write { [self] writing throws(StoreError) in
                guard try writing.isCurrent(record) else { return (landed: 0, lost: 0, dead: [EngineEvent]()) }
                var doubted: [ChannelException] = []
                for exception in due.doubted {
                    let remote = try writing.reading.remote(exception.unit.entity, of: record)
                    if remotes.contains(remote) { doubted.append(exception) }
                }
                return try ReadBack(
                    settlement: self.settlement(writing, record, capabilities), doubted: doubted,
                    observations: observations
                ).resolve()
            }
        }
        breaker.succeeded(at: surroundings.time.now())
        pushFailures = 0
        events.emit(.readBack(id, landed: result.landed, lost: result.lost))
        for event in result.dead { events.emit(event) }
        return .again
    }

    /// Pushes that were given up are in doubt again as soon as their units change.
    func doubtAgain(_ items: [PushItem], _ record: ChannelRecord) async throws(StoreError) {
        try await store.write { writing throws(StoreError) in
            for item in items {
                try writing.except(
                    record, item.change.unit, state: .unknown, sequence: item.change.sequence,
                    operation: item.operation.text, attempts: 0, dueAt: writing.now,
                    error: "given up before, and changed since")
            }
        }
    }

    /// Nothing is left to send to units that their channel wrote itself while they waited.
    func settleEchoes(_ units: [UnitRef], _ record: ChannelRecord) async throws(StoreError) {
        try await store.write { writing throws(StoreError) in
            guard try writing.isCurrent(record) else { return }
            for unit in units { try writing.clearException(record, unit) }
        }
    }

    /// Pushes that a crash left without an outcome become doubts like any other.
    private func adoptOpenPushes(_ record: ChannelRecord, _ capabilities: Capabilities) async throws(StoreError) {
        guard !capabilities.keepsClocks, !adopted else { return }
        while true {
            let open = try await store.read { reading throws(StoreError) in
                var open: [UnitRef] = []
                for unit in try reading.openPushes(record, limit: 500) {
                    if try reading.exception(record, unit) == nil { open.append(unit) }
                }
                return open
            }
            if open.isEmpty { break }
            try await store.write { writing throws(StoreError) in
                for unit in open {
                    guard let pushing = try writing.reading.shadow(record, unit)?.pushing else { continue }
                    try writing.except(
                        record, unit, state: .unknown, sequence: pushing.sequence, operation: pushing.operation,
                        attempts: 1, dueAt: writing.now, error: "under way when the daemon stopped")
                }
            }
        }
        adopted = true
    }
}
