import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Entities read at once; with a channel that keeps no clocks no push goes on meanwhile.
    private static let readAtOnce = 50

    /// Reads listings that seem to differ and heals what does, each under what is known at that moment.
    ///
    /// - Parameter isKeepingVanished: holds back what has vanished until it is known how much it is.
    /// - Returns: what was held back.
    func examine(
        _ remotes: [RemoteRef], _ round: inout Round, isKeepingVanished: Bool
    ) async throws(ChannelError) -> [DriftFinding] {
        var vanished: [DriftFinding] = []
        var rest = remotes[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(ChannelWorker.readAtOnce))
            rest = rest.dropFirst(some.count)
            try await same(round)
            let capabilities = round.capabilities
            // A simple backend is asked for each by itself, one with a protocol for all together.
            try await pace(&round, requests: capabilities.keepsClocks || capabilities.digests ? 1 : some.count)
            let begun = round
            let outcome = try await exchange(capabilities) { () async throws(ChannelError) in
                var known = begun
                known.before = try await self.unsettled(some, begun)
                let observations = try await self.adapter.read(some)
                // Readings carry no generation, and in another data set everything seems to differ.
                try await self.admit()
                try self.check(try await self.adapter.capabilities().generation, capabilities)
                return try await self.settle(some, observations, known, isKeepingVanished: isKeepingVanished)
            }
            crossed(some.count, &round)
            round.figures.add(outcome)
            vanished += outcome.vanished
        }
        return vanished
    }

    private func unsettled(
        _ remotes: [RemoteRef], _ round: Round
    ) async throws(ChannelError) -> ExpectedListing.Unsettled {
        let settings = self.settings
        return try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                let judge = DriftJudge(
                    reading: reading, channel: round.record, settings: settings, capabilities: round.capabilities)
                var open: Set<UnitRef> = []
                for remote in remotes {
                    guard let entity = try judge.entity(remote) else { continue }
                    let expected = try ExpectedListing(
                        entity, reading, channel: round.record, settings: settings, capabilities: round.capabilities)
                    for unit in expected.units where unit.isOpen { open.insert(unit.head.unit) }
                }
                return ExpectedListing.Unsettled(cursor: try reading.cursor(round.record, .push).position, units: open)
            }
        }
    }

    /// Judges and heals in one transaction, or only judges.
    private func settle(
        _ remotes: [RemoteRef], _ observations: [Observation], _ round: Round, isKeepingVanished: Bool
    ) async throws(ChannelError) -> Examined {
        let settings = self.settings
        let examined = try await stored { () async throws(StoreError) in
            if round.order.isDryRun {
                return try await self.store.read { reading throws(StoreError) in
                    var examined = Examined()
                    for verdict in try round.judge(remotes, observations, reading, settings) {
                        for finding in verdict.findings {
                            if finding.isVanishing, isKeepingVanished { examined.vanished.append(finding) } else {
                                examined.found[finding.kind, default: 0] += 1
                            }
                        }
                    }
                    return examined
                }
            }
            return try await self.store.write { writing throws(StoreError) in
                let verdicts = try round.judge(remotes, observations, writing.reading, settings)
                return try round.heal(verdicts, writing, settings, isKeepingVanished: isKeepingVanished)
            }
        }
        for event in examined.events { events.emit(event) }
        if !examined.events.isEmpty { signal.bump() }
        return examined
    }
}

/// What examining some listings came to.
struct Examined: Sendable {
    var found: [DriftClass: Int] = [:]
    var remedies: [DriftRemedy: Int] = [:]
    var vanished: [DriftFinding] = []
    var events: [EngineEvent] = []
}

extension RoundFigures {
    mutating func add(_ examined: Examined) {
        found.merge(examined.found) { $0 + $1 }
        remedies.merge(examined.remedies) { $0 + $1 }
    }
}

extension Round {
    /// One verdict for each listing, from all that was observed of it.
    func judge(
        _ remotes: [RemoteRef], _ observations: [Observation], _ reading: Reading, _ settings: ChannelSettings
    ) throws(StoreError) -> [DriftVerdict] {
        let judge = DriftJudge(
            reading: reading, channel: record, settings: settings, capabilities: capabilities, before: before)
        var byListing: [RemoteRef: [Observation]] = [:]
        for observation in observations { byListing[observation.entity, default: []].append(observation) }
        var verdicts: [DriftVerdict] = []
        for remote in remotes { verdicts.append(try judge.judge(remote, byListing[remote] ?? [])) }
        return verdicts
    }

    func heal(
        _ verdicts: [DriftVerdict], _ writing: Writing, _ settings: ChannelSettings, isKeepingVanished: Bool
    ) throws(StoreError) -> Examined {
        let healing = DriftHealing(
            writing, channel: record, settings: settings, capabilities: capabilities, round: number)
        let observer = Observer(writing, channel: record, settings: settings, capabilities: capabilities)
        var examined = Examined()
        for verdict in verdicts {
            for spelling in verdict.spellings { _ = try observer.observe(spelling) }
            for finding in verdict.findings {
                if finding.isVanishing, isKeepingVanished {
                    examined.vanished.append(finding)
                    continue
                }
                guard let done = try healing.heal(finding) else { continue }
                examined.found[finding.kind, default: 0] += 1
                examined.remedies[done.remedy, default: 0] += 1
                examined.events += done.events
            }
        }
        return examined
    }
}
