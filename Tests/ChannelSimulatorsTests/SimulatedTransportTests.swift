import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

/// A shop reached by the hub's own adapter without a socket.
private struct NearShop {
    static let secret = "whsec_" + "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcywgb2s="

    let shop: ShopSimulator
    let transport: SimulatedTransport
    let hub: any ChannelAdapter
    let time = ManualTime()
    let tea = RemoteRef(kind: .product, id: "longjing")

    init(
        _ face: ShopFace, host: String = "shop.test", hubSecret: String = secret, timeout: Duration = .seconds(5),
        _ turn: (inout Dials) -> Void = { _ in }
    ) throws {
        var dials = Dials()
        turn(&dials)
        shop = ShopSimulator(
            channel: try #require(ChannelID("web")), face: face, incarnation: "77aa", dials: dials, time: time)
        transport = try SimulatedTransport(
            ["shop.test": SimulatedTransport.Place(shop, secrets: [NearShop.secret])], time: time)
        let endpoint = ChannelEndpoint(url: "http://\(host)", secrets: [Secret(hubSecret)], timeout: timeout)
        hub = face == .plain
            ? try PlainAdapter(endpoint: endpoint, transport: transport, time: time)
            : try DeltaAdapter(endpoint: endpoint, transport: transport, time: time)
    }

    func push(_ operation: String = "o1", count: Int64 = 1) async throws -> PushOutcome? {
        let delta = OutgoingDelta(
            sequence: count, entity: tea, unit: try #require(UnitName("tags")), operation: .set(Array("[\"tea\"]".utf8)),
            token: CausalToken(json: ["hub:main:a": .integer(count)]), key: OperationID(operation), expecting: nil)
        return try await hub.push(
            PushBatch(generation: "hub1", session: "s", from: count - 1, to: count, deltas: [delta])
        ).outcomes.first
    }
}

@Suite struct SimulatedTransportTests {
    private let tags = UnitName("tags")

    @Test(arguments: ShopFace.allCases)
    func `an adapter and a shop understand each other without a socket`(face: ShopFace) async throws {
        let near = try NearShop(face)
        _ = try await near.hub.capabilities()
        guard case .stored = try await near.push() else { Issue.record("not stored"); return }
        let unit = try #require(tags)
        #expect(await near.shop.value(near.tea, unit) == ["tea"])
        await near.shop.edit(near.tea, unit, ["tea", "own"])
        let page = try await near.hub.pull(after: nil, limit: 50)
        #expect(page.observations.last?.content == .value(["tea", "own"]))
        #expect(try await near.hub.read([near.tea]).map(\.content) == [.value(["tea", "own"])])
        #expect(try await near.hub.enumerate(after: nil, limit: 50).observations.count == 1)
    }

    @Test(arguments: ShopFace.allCases)
    func `a lost answer is unknown to the hub and an effect at the shop`(face: ShopFace) async throws {
        let near = try NearShop(face) { $0.dropAfter = 1_000 }
        await #expect(throws: ChannelError.unknown(reason: "the connection ended before the answer")) {
            try await near.push()
        }
        #expect(await near.shop.ledger["o1"] == 1)
    }

    @Test func `an answer that takes longer than the hub waits is unknown and takes effect`() async throws {
        let near = try NearShop(.deltaWithClocks, timeout: .zero) {
            $0.latencyMillisecondsMin = 50
            $0.latencyMillisecondsMax = 50
        }
        await #expect(throws: ChannelError.unknown(reason: "no answer in time")) { try await near.push() }
        #expect(await near.shop.ledger["o1"] == 1)
    }

    @Test func `a dark shop and a host that is no shop's are unreachable`() async throws {
        let dark = try NearShop(.deltaWithClocks) { $0.dark = .closed }
        await #expect(throws: ChannelError.unreachable(reason: "connection refused")) { try await dark.push() }
        let lost = try NearShop(.deltaWithClocks, host: "nowhere.test")
        await #expect(throws: ChannelError.unreachable(reason: "no shop is called nowhere.test")) { try await lost.push() }
    }

    @Test(arguments: ShopFace.allCases)
    func `another secret does not open the door`(face: ShopFace) async throws {
        let near = try NearShop(face, hubSecret: "whsec_" + "bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBzaG9wLCBzb3JyeQ==")
        do {
            _ = try await near.push()
            Issue.record("let in")
        } catch let error as ChannelError {
            guard case .unauthorized = error else { Issue.record("\(error)"); return }
        }
        #expect(await near.shop.ledger.isEmpty)
    }

    @Test func `equal seeds make equal luck`() async throws {
        func luck() async throws -> [String] {
            let near = try NearShop(.deltaWithClocks) {
                $0.seed = 42
                $0.dropAfter = 200
                $0.throttle = 200
                $0.failBefore = 200
            }
            var luck: [String] = []
            for count in 1...60 {
                do { luck.append("\(try await near.push("o\(count)", count: Int64(count)) as Any)") } catch { luck.append("\(error)") }
            }
            return luck
        }
        let first = try await luck()
        #expect(Set(first).count >= 4)
        #expect(try await luck() == first)
    }
}
