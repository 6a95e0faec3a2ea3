import Hummingbird
import NIOCore

/// One request's connection, kept so that a shop can hang up on it.
struct ShopVisit: InitializableFromSource {
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }

    /// Ends the connection without a word; what is written to it afterwards goes nowhere.
    func hangUp() async {
        // Closing only fails when the other side was faster, which is as good.
        do { try await channel.close() } catch {}
    }
}
