import Commerce
import Foundation

@testable import ChannelAdapters
@testable import SyncDaemon

/// The door of one account. What came in earnest stands in the corpus, in files whose names begin with `sent-`.
final class SampleDoor: Sendable {
    private struct Telling: Hashable { let key: String, news: [GatewayNews] }

    private let target: String
    private let receiver: (any CallbackReceiver)?
    /// Whether a platform names its events, so that the name has to be right as well.
    private let namesEvents: Bool
    private let sent: Set<Telling>
    private let troubles: String?

    init(_ target: String, _ kind: GatewayKind) {
        self.target = target
        namesEvents = [.weChatPay, .alipay, .stripe].contains(kind)
        do {
            let receiver = try SampleAccounts.gateway(kind).callbacks
            var sent: Set<Telling> = []
            for bytes in try Corpus.inputs(of: target, named: "sent-") {
                let callback = WireText(bytes).callback
                guard let receiver, case .keep(let key) = try receiver.verify(callback, at: SampleAccounts.now) else { throw CocoaError(.featureUnsupported) }
                sent.insert(Telling(key: namesEvents ? key : "", news: try receiver.read(callback.body)))
            }
            (self.receiver, self.sent, troubles) = (receiver, sent, sent.isEmpty ? "nothing was sent to \(target)" : nil)
        } catch { (receiver, sent, troubles) = (nil, [], "what was sent to \(target) is not taken: \(error)") }
    }

    /// Whatever is let in says what was said in earnest, and nothing else.
    func complaint(about bytes: [UInt8]) -> String? {
        guard let receiver, troubles == nil else { return troubles }
        let callback = WireText(bytes).callback
        do throws(CallbackFault) {
            guard case .keep(let key) = try receiver.verify(callback, at: SampleAccounts.now) else { return "it is answered and not kept" }
            guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                return "its key is \(key.debugDescription)"
            }
            _ = receiver.essence(of: callback.body)
            return complaint(about: callback, kept: key, receiver)
        } catch {
            let words = error.words
            return Sound.words(words, max: 400) ?? Property.explained(words)
        }
    }

    private func complaint(about callback: GatewayCallback, kept key: String, _ receiver: any CallbackReceiver) -> String? {
        let news: [GatewayNews]
        do throws(ValidationFailure) { news = try receiver.read(callback.body) } catch {
            // Only what nobody signs can be let in without being what was sent.
            guard target == "sf-callback" else { return "what was not sent so is let in: \(error)" }
            return Sound.words("\(error)", max: 1_000)
        }
        if target == "sf-callback" {
            return callback.tail == SampleAccounts.token ? Sound.complaint(news) : "let in without the token: \(callback.tail.debugDescription)"
        }
        return sent.contains(Telling(key: namesEvents ? key : "", news: news)) ? nil : "it is taken to say \(news) under \(key)"
    }
}
