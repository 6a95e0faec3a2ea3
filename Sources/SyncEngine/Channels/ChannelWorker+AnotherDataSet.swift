import ChannelAdapters
import Commerce

extension ChannelWorker {
    /// Refuses a page of another data set than the one that was met when connecting.
    func check(_ generation: String?, _ capabilities: Capabilities) throws(ChannelError) {
        guard let generation, let met = capabilities.generation, generation != met, surroundings.planted != .ignoresGeneration
        else { return }
        throw .resyncNeeded(reason: "it is another data set than when it was connected to")
    }

    /// Refuses what another data set wrote than the one that was met when connecting.
    ///
    /// Readings carry no generation, but each data set writes under a name of its own. A name may also be that
    /// of an earlier life whose writes this one has kept, so it is only a reason to ask.
    func check(_ observations: [Observation], _ capabilities: Capabilities) async throws(ChannelError) {
        guard capabilities.keepsClocks, surroundings.planted != .ignoresGeneration,
            observations.contains(where: { $0.dot.map { $0.actor != capabilities.actorName } ?? false })
        else { return }
        try await admit()
        try check(try await adapter.capabilities().generation, capabilities)
    }
}
