package import ChannelAdapters
import Commerce
import ConflictResolution
package import Store

/// Takes up many observations in one transaction and sums up what became of them.
package struct Intake {
    private let writing: Writing
    private let channel: ChannelRecord
    private let observer: Observer

    package init(_ writing: Writing, channel: ChannelRecord, capabilities: Capabilities) {
        self.writing = writing
        self.channel = channel
        observer = Observer(
            writing, channel: channel, settings: ChannelSettings(json: channel.settings), capabilities: capabilities)
    }

    func take(_ observations: [Observation]) throws(StoreError) -> ChannelWorker.Taken {
        var taken = ChannelWorker.Taken()
        for observation in observations {
            let observed = try observer.observe(observation)
            note(observed, &taken)
        }
        return taken
    }

    /// Takes up one by one and says what became of each, for a caller who is waiting.
    package func takeEach(_ observations: [Observation]) throws(StoreError) -> [Observed] {
        var results: [Observed] = []
        for observation in observations { results.append(try observer.observe(observation)) }
        return results
    }

    private func note(_ observed: Observed, _ taken: inout ChannelWorker.Taken) {
        switch observed {
        case .known: break
        case .vanished: taken.vanished += 1
        case .refused(let item, let field, let reason):
            taken.events.append(.refused(channel.id, item: item, field: field, reason: reason))
        case .applied(let unit, let applied):
            taken.applied += 1
            taken.events.append(
                .observed(channel.id, unit, sequence: applied.sequence, prevailed: applied.prevailed))
            if let question = applied.question { taken.events.append(.conflict(unit, question)) }
        }
    }
}
