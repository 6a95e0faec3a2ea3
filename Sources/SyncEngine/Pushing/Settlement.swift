import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// Writes down what became of a push: cursor, shadows and exceptions in one transaction.
struct Settlement {
    let writing: Writing
    let channel: ChannelRecord
    let settings: ChannelSettings
    let capabilities: Capabilities
    let retry: RetrySchedule
    let random: any RandomSource

    /// Commits to pushing, before anything is sent, where the channel keeps no clocks:
    /// after a crash the unit is known to be in doubt and is read back first.
    func intend(_ plan: PushPlan) throws(StoreError) {
        guard !capabilities.keepsClocks else { return }
        for item in plan.items {
            var shadow = try writing.reading.shadow(channel, item.change.unit) ?? Shadow()
            let shown = try item.change.liveJSON().map { projected($0, item) }
            shadow.pushing = Shadow.Pushing(
                sequence: item.change.sequence, hash: ContentHash.of(shown), operation: item.operation.text)
            try writing.setShadow(channel, item.change.unit, shadow)
            // Tried before, it waits as an exception; should this process end now, that one has to be in doubt.
            if item.exception != nil { try mark(item, .unknown, "under way when the daemon stopped") }
        }
    }

    private func mark(_ item: PushItem, _ state: ChannelException.State, _ error: String) throws(StoreError) {
        try writing.except(
            channel, item.change.unit, state: state, sequence: item.change.sequence, operation: item.operation.text,
            attempts: item.attempts, dueAt: writing.now, error: error)
    }

    /// Takes the intents back: nothing was sent.
    func withdraw(_ plan: PushPlan) throws(StoreError) {
        guard !capabilities.keepsClocks else { return }
        for item in plan.items {
            guard var shadow = try writing.reading.shadow(channel, item.change.unit) else { continue }
            shadow.pushing = nil
            try writing.setShadow(channel, item.change.unit, shadow)
            if let exception = item.exception { try mark(item, .retrying, exception.error) }
        }
    }

    /// Settles a plan of which every item got an outcome, and moves the cursor over it.
    func settle(_ plan: PushPlan, _ outcomes: [PushOutcome]) throws(StoreError) -> [EngineEvent] {
        var events: [EngineEvent] = []
        if writing.planted == .poisonBlocks, let first = firstDeferred(plan, outcomes) {
            return try heldUp(plan, outcomes, at: first)
        }
        for (item, outcome) in zip(plan.items, outcomes) {
            if let event = try settle(item, outcome) { events.append(event) }
        }
        try writing.advance(channel, to: plan.through)
        return events
    }

    private func firstDeferred(_ plan: PushPlan, _ outcomes: [PushOutcome]) -> Int? {
        outcomes.firstIndex { if case .deferred = $0 { true } else { false } }
    }

    /// The planted mistake: nothing behind a unit that is put off is ever accounted for.
    private func heldUp(_ plan: PushPlan, _ outcomes: [PushOutcome], at first: Int) throws(StoreError) -> [EngineEvent] {
        for (item, outcome) in zip(plan.items, outcomes) {
            if case .stored(let holding) = outcome { try stored(item, holding) } else { try forgetIntent(item) }
        }
        let before = plan.items[first].change.sequence - 1
        if before > plan.from { try writing.advance(channel, to: before) }
        return []
    }

    private func settle(_ item: PushItem, _ outcome: PushOutcome) throws(StoreError) -> EngineEvent? {
        switch outcome {
        case .stored(let holding):
            try stored(item, holding)
            return nil
        case .stale(let observation):
            return try stale(item, observation)
        case .rejected(let field, let reason):
            try forgetIntent(item)
            try except(item, .dead, wait: .zero, field: field, error: reason)
            return .deadLettered(channel.id, item.change.unit, field: field, reason: reason)
        case .deferred(let asked):
            try forgetIntent(item)
            if let event = try giveUp(item, "the channel puts it off", attempts: item.attempts + 1) { return event }
            let wait = retry.wait(afterAttempt: item.attempts + 1, asked: asked, random: random)
            try except(item, .retrying, wait: wait, field: nil, error: "the channel put it off")
            return nil
        case .unknown:
            try except(item, .unknown, wait: .zero, field: nil, error: "sent, and no answer came")
            return nil
        }
    }

    /// Tries that must have failed before age counts: a channel that was away meanwhile has refused nothing.
    private static let triesMin = 3

    /// Gives a unit up that was tried too long; a person or a new value revives it.
    ///
    /// - Returns: nil while it is worth another try.
    func giveUp(_ item: PushItem, _ what: String, attempts: Int) throws(StoreError) -> EngineEvent? {
        let exception = item.exception.flatMap { $0.sequence == item.change.sequence ? $0 : nil }
        let tried = exception.map { writing.now - $0.since } ?? .zero
        guard attempts >= retry.attemptsMax || attempts >= Settlement.triesMin && tried > retry.horizon else { return nil }
        try forgetIntent(item)
        let reason = "\(what), \(attempts) times in \(tried.components.seconds) s"
        try writing.except(
            channel, item.change.unit, state: .dead, sequence: item.change.sequence, operation: item.operation.text,
            attempts: attempts, dueAt: writing.now, error: reason)
        return .deadLettered(channel.id, item.change.unit, field: "", reason: reason)
    }

    /// Marks every item as sent with unknown outcome.
    func doubt(_ plan: PushPlan, error: String, wait: Duration) throws(StoreError) {
        for item in plan.items { try except(item, .unknown, wait: wait, field: nil, error: error) }
        try writing.advance(channel, to: plan.through)
    }

    private func stored(_ item: PushItem, _ holding: Holding?) throws(StoreError) {
        if capabilities.keepsClocks, let token = holding?.token, try isForgotten(token, item) {
            // It ignored the push as late. Nothing else would ever tell what it holds, and by which clock.
            return try except(
                item, .unknown, wait: .zero, field: nil, error: "it holds a write this store has lost; it is read back")
        }
        if item.exception != nil { try clear(item) }
        guard !capabilities.keepsClocks else { return }
        var shadow = Shadow(
            baseSequence: item.change.sequence, context: item.change.clock, version: holding?.version)
        let live = try item.change.liveJSON()
        let shown = holding.map(\.value) ?? live.map { projected($0, item) }
        shadow.heldHash = ContentHash.of(shown)
        shadow.heldValue = shown == live ? nil : shown?.bytes
        try writing.setShadow(channel, item.change.unit, shadow)
    }

    /// Whether a channel has seen writes that nobody will tell this store of: those of a life that a restore undid.
    ///
    /// It was observed then, but what it showed may have been behind what it held. Its own writes come with its log.
    private func isForgotten(_ token: CausalToken, _ item: PushItem) throws(StoreError) -> Bool {
        guard writing.forgetful else { return false }
        try writing.recall(token.json, of: channel.id)
        let held = try writing.reading.clock(from: token.json, lenient: true)
        let known = try writing.reading.head(item.change.unit)?.clock ?? VectorClock()
        return held.entries.contains { entry in
            entry.count > known[entry.actor]
                && writing.reading.identity(of: entry.actor)?.description != capabilities.actorName
        }
    }

    /// The channel holds something we did not expect: take it up, then try again.
    private func stale(_ item: PushItem, _ observation: Observation) throws(StoreError) -> EngineEvent? {
        let observer = Observer(writing, channel: channel, settings: settings, capabilities: capabilities)
        let observed = try observer.observe(observation)
        if try agreed(item) {
            // What it refused was a repetition: the first copy had landed.
            if item.exception != nil { try clear(item) }
            return nil
        }
        try forgetIntent(item)
        if case .applied(let unit, let applied) = observed, unit == item.change.unit,
            try covers(applied.clock, observation.token)
        {
            // It moved to the head of the feed and comes round by itself, with a clock that covers the channel's.
            if item.exception != nil { try writing.clearException(channel, unit) }
            return .observed(channel.id, unit, sequence: applied.sequence, prevailed: applied.prevailed)
        }
        if let event = try giveUp(item, "it is refused as stale", attempts: item.attempts + 1) { return event }
        let wait = retry.wait(afterAttempt: item.attempts + 1, random: random)
        try except(item, .retrying, wait: wait, field: nil, error: "the channel had another version")
        return nil
    }

    /// Whether a channel will take what comes with a clock. If not, it would refuse that at once, and again.
    private func covers(_ clock: VectorClock, _ token: CausalToken?) throws(StoreError) -> Bool {
        guard capabilities.keepsClocks, let token else { return true }
        return clock.covers(try writing.reading.clock(from: token.json, lenient: true))
    }

    /// Clears an exception, unless the unit moved on while it was one: then it is due at once.
    func clear(_ item: PushItem) throws(StoreError) {
        let unit = item.change.unit
        let cursor = try writing.reading.cursor(channel, .push).position
        if let head = try writing.reading.head(unit), head.sequence > item.change.sequence, head.sequence <= cursor {
            try writing.except(
                channel, unit, state: .retrying, sequence: head.sequence, operation: item.operation.text, attempts: 0,
                dueAt: writing.now, error: "changed again while it was being settled")
        } else {
            try writing.clearException(channel, unit)
        }
    }

    private func agreed(_ item: PushItem) throws(StoreError) -> Bool {
        guard !capabilities.keepsClocks, let shadow = try writing.reading.shadow(channel, item.change.unit) else {
            return false
        }
        return shadow.pushing == nil && shadow.baseSequence == item.change.sequence
    }

    private func forgetIntent(_ item: PushItem) throws(StoreError) {
        guard !capabilities.keepsClocks, var shadow = try writing.reading.shadow(channel, item.change.unit) else {
            return
        }
        shadow.pushing = nil
        try writing.setShadow(channel, item.change.unit, shadow)
    }

    private func except(
        _ item: PushItem, _ state: ChannelException.State, wait: Duration, field: String?, error: String
    ) throws(StoreError) {
        if writing.planted == .cursorTakesHighest, state == .retrying, item.exception == nil { return }
        try writing.except(
            channel, item.change.unit, state: state, sequence: item.change.sequence, operation: item.operation.text,
            attempts: item.attempts + 1, dueAt: writing.now + wait, field: field, error: error)
    }

    private func projected(_ value: JSON, _ item: PushItem) -> JSON {
        let unit = item.change.unit.unit
        if writing.planted == .ignoresProjection { return value }
        return settings.projection.apply(to: capabilities.projection.apply(to: value, unit: unit), unit: unit)
    }
}
