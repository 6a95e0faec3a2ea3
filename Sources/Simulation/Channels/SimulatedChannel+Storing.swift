package import ChannelAdapters
package import Commerce

extension SimulatedChannel {
    /// An edit by the channel's own people.
    package func edit(_ entity: RemoteRef, _ unit: UnitName, _ value: JSON?) {
        let key = Key(entity: entity, unit: unit)
        var held = units[key] ?? Held(value: nil, clock: [:], version: 0, updatedAt: 0)
        held.value = value.map { shown($0, unit) }
        versionCount += 1
        held.version = versionCount
        held.updatedAt = clockMilliseconds
        var dot: DotToken?
        if keepsClocks {
            let count = (held.clock[actorName] ?? 0) + 1
            dot = DotToken(actor: actorName, count: UInt64(count))
            held.dot = dot
            log.append((key, held))
            held.clock[actorName] = count
        }
        remember()
        units[key] = held
        if let value = held.value { ledger.values[key, default: []].insert(value) }
        if !keepsClocks { log.append((key, held)) }
        let edit = ChannelLedger.Edit(unit: unit, entity: entity, value: held.value, dot: dot)
        ledger.edits.append(edit)
        watch?.edited(id, edit)
    }

    package func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        let keys = batch.deltas.map { Key(entity: $0.entity, unit: $0.unit) }
        note(batch, keys)
        do throws(ChannelError) {
            try await before()
            if let poison, poison.choke == .fails, keys.contains(Key(entity: poison.entity, unit: poison.unit)) {
                throw .failed(status: 500, reason: "choked")
            }
            let times = chance(habits.repeats) ? 2 : 1
            var outcomes: [PushOutcome] = []
            for _ in 0..<times { outcomes = batch.deltas.map { store($0, of: batch) } }
            try await after()
            return PushAnswer(outcomes: outcomes)
        } catch {
            switch error {
            case .unknown, .failed, .cancelled: ledger.doubted.formUnion(keys)
            default: break
            }
            throw error
        }
    }

    /// Checks what the hub may never do, before anything is done with it.
    private func note(_ batch: PushBatch, _ keys: [Key]) {
        for (delta, key) in zip(batch.deltas, keys) {
            ledger.deltas += 1
            let purpose = "\(batch.generation) \(delta.sequence) \(life)"
            // What it has lost must come under another id, or it would be a repetition.
            if let earlier = ledger.operations[purpose], earlier != delta.key.text, !ledger.forgotten.contains(key) {
                ledger.breaches.append("\(id): change \(delta.sequence) came under two operation ids")
            }
            if let held = units[key], held.dot != nil, ledger.operations[purpose] == nil, isOwn(delta, held) {
                ledger.breaches.append("\(id): \(delta.entity):\(delta.unit) was sent back to who wrote it")
            }
            ledger.operations[purpose] = delta.key.text
            if ledger.doubted.contains(key) {
                ledger.breaches.append("\(id): \(delta.entity):\(delta.unit) was sent again unread after no answer came")
            }
        }
    }

    private func isOwn(_ delta: OutgoingDelta, _ held: Held) -> Bool {
        guard clock(delta.token) == held.clock, case .set(let bytes) = delta.operation, let value = parsed(bytes) else {
            return false
        }
        return shown(value, delta.unit) == held.value
    }

    private func parsed(_ bytes: [UInt8]) -> JSON? {
        do { return try JSON.parse(bytes) } catch {
            ledger.breaches.append("\(id): was sent what is no JSON: \(error)")
            return nil
        }
    }

    private func store(_ delta: OutgoingDelta, of batch: PushBatch) -> PushOutcome {
        let key = Key(entity: delta.entity, unit: delta.unit)
        if let poison, key == Key(entity: poison.entity, unit: poison.unit) { return .deferred(retryAfter: .seconds(1)) }
        if chance(habits.defersDelta) { return .deferred(retryAfter: .seconds(1)) }
        if chance(habits.rejectsDelta) { return .rejected(field: "value", reason: "not today") }
        let value: JSON?
        switch delta.operation {
        case .delete: value = nil
        case .set(let bytes): value = parsed(bytes).map { shown($0, delta.unit) }
        }
        return keepsClocks ? storeByClock(delta, key, value, batch) : storeBySwap(delta, key, value, batch)
    }

    private func storeByClock(_ delta: OutgoingDelta, _ key: Key, _ value: JSON?, _ batch: PushBatch) -> PushOutcome {
        let theirs = clock(delta.token)
        let held = units[key]
        let ours = held?.clock ?? [:]
        if ours.allSatisfy({ theirs[$0.key] ?? 0 >= $0.value }) {
            if ours != theirs || held == nil, !forgets(key) { apply(delta, key, value, clock: theirs) }
            watch?.stored(id, delta.unit, delta.entity, batch.generation, delta.sequence)
            return .stored(holding: nil)
        }
        guard let held else { return .stored(holding: nil) }
        if theirs.allSatisfy({ ours[$0.key] ?? 0 >= $0.value }) {
            return .stored(holding: Holding(value: held.value, token: token(held.clock), version: String(held.version)))
        }
        return .stale(observation(key, held))
    }

    private func storeBySwap(_ delta: OutgoingDelta, _ key: Key, _ value: JSON?, _ batch: PushBatch) -> PushOutcome {
        let held = units[key]
        if let held, delta.expecting != String(held.version) { return .stale(observation(key, held)) }
        watch?.stored(id, delta.unit, delta.entity, batch.generation, delta.sequence)
        guard !forgets(key) else {
            // The version it names is used up: it must not name something else later.
            versionCount += 1
            return .stored(holding: Holding(value: value, token: nil, version: String(versionCount)))
        }
        apply(delta, key, value, clock: [:])
        if let stored = units[key] { log.append((key, stored)) }
        return .stored(holding: Holding(value: value, token: nil, version: String(versionCount)))
    }

    /// Whether a push is stored and lost at once. Its people may have seen it for a moment, so it counts as landed.
    private func forgets(_ key: Key) -> Bool {
        guard chance(habits.forgets), !remembersLives || key.unit.family != "life" else { return false }
        ledger.forgotten.insert(key)
        return true
    }

    private func apply(_ delta: OutgoingDelta, _ key: Key, _ value: JSON?, clock: [String: Int64]) {
        ledger.applied[delta.key.text, default: 0] += 1
        versionCount += 1
        remember()
        units[key] = Held(value: value, clock: clock, version: versionCount, updatedAt: clockMilliseconds)
        if let value { ledger.values[key, default: []].insert(value) }
    }

    /// Keeps the state before a change for as long as it may still be shown.
    private func remember() {
        guard habits.staleMax > 0 else { return past.removeAll() }
        let now = time.now().milliseconds
        past.append((now, units))
        past.removeAll { $0.at < now - 300_000 }
    }
}
