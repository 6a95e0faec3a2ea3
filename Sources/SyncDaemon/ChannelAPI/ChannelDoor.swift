import ChannelAdapters
import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Lets a channel in at its own address, by its signature over the raw bytes.
///
/// Standard Webhooks: HMAC-SHA256 of `id.timestamp.payload`, several signatures while
/// keys rotate. A request without a body signs its method and target instead. All
/// refusals look and cost the same, whether the channel exists or not.
struct ChannelDoor: Sendable {
    let keyring: any ChannelKeyring
    let time: any TimeSource
    /// How far a signature's time may be off, either way.
    let window: Duration
    let journal: DoorJournal

    /// Checked against where no channel is, so that not existing takes as long as being wrong.
    private let nobody: StandardWebhooks

    init(
        keyring: any ChannelKeyring, time: any TimeSource, window: Duration, journal: DoorJournal = DoorJournal()
    ) throws {
        self.keyring = keyring
        self.journal = journal
        self.time = time
        self.window = window
        nobody = try StandardWebhooks(
            secrets: [Secret(Base64.encode([UInt8](repeating: 0x5A, count: 32)))], tolerance: window)
    }

    /// Refuses what cannot be right whatever the keys are, before the body is read.
    func checkForm(of request: Request) throws(Problem) {
        guard let id = request.headers[.webhookID], (1...256).contains(id.utf8.count),
            id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let stamp = request.headers[.webhookTimestamp], stamp.utf8.count <= 12, let seconds = Int64(stamp),
            // To the second; the signature's own check is exact.
            abs(seconds - time.now().milliseconds / 1_000) <= window.components.seconds + 1,
            let signature = request.headers[.webhookSignature], signature.utf8.count <= 2_048
        else { throw refusal }
    }

    func identify(_ request: Request, _ visit: Visit, body: [UInt8]) async throws -> Principal {
        let payload = StandardWebhooks.payload(
            method: request.method.rawValue, target: request.head.path ?? "/", body: body)
        let channel = try await prove(visit.parameters.get("id"), request) { keys, header throws(SignatureFault) in
            try keys.verify(payload: payload, at: time.now(), header: header)
        }
        return Principal(identity: .channel(channel), scope: nil)
    }

    /// Lets in whoever a channel says shops there, by its signature over the whole request.
    ///
    /// - Throws: 422 for a member that is none, after the channel has proved itself.
    func identifyShopper(_ request: Request, body: [UInt8]) async throws -> Principal {
        let signed = SignedRequest(method: request.method.rawValue, target: request.head.path ?? "/", body: body) { name in
            ChannelDoor.header(name, in: request)
        }
        let channel = try await prove(request.headers[.heyiChannel], request) { keys, header throws(SignatureFault) in
            try keys.verify(signed, at: time.now(), header: header)
        }
        guard let text = request.headers[.heyiMember], !text.isEmpty else {
            return Principal(identity: .shopper(Shopper(channel: channel, member: nil)), scope: nil)
        }
        guard let member = EntityID(text) else {
            throw Problem.invalid("Heyi-Member", "must be 1 to 64 characters out of a-z 0-9 - _; left out for a guest")
        }
        return Principal(identity: .shopper(Shopper(channel: channel, member: member)), scope: nil)
    }

    private func prove(
        _ name: String?, _ request: Request, _ verify: (StandardWebhooks, (String) -> String?) throws(SignatureFault) -> String
    ) async throws -> ChannelID {
        let channel = name.flatMap { ChannelID($0) }
        var known: StandardWebhooks?
        if let channel { known = try await keyring.signatures(of: channel) }
        do throws(SignatureFault) {
            _ = try verify(known ?? nobody) { name in ChannelDoor.header(name, in: request) }
        } catch {
            if known != nil, let channel { journal.refuse(channel, at: time.now()) }
            throw refusal
        }
        guard known != nil, let channel else { throw refusal }
        journal.admit(channel, at: time.now())
        return channel
    }

    /// The headers that are signed have their names made already; a name is checked and copied when it is made.
    private static let names = Dictionary(
        uniqueKeysWithValues: (SignedRequest.headers + ["webhook-id", "webhook-timestamp", "webhook-signature"]).compactMap { name in
            HTTPField.Name(name).map { (name, $0) }
        })

    private static func header(_ name: String, in request: Request) -> String? {
        (names[name] ?? HTTPField.Name(name)).flatMap { request.headers[$0] }
    }

    private var refusal: Problem {
        var problem = Problem(
            .unauthorized, "signature",
            "The channel is unknown here, or the signature is missing, wrong or older than \(window.components.seconds) seconds.",
            next: "check the channel's secret and both clocks")
        problem.headers[.wwwAuthenticate] = "Webhook-Signature"
        problem.closesConnection = true
        return problem
    }
}
