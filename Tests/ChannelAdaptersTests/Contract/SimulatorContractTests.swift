import ChannelAdapters
import ChannelSimulators
import Commerce
import Logging
import TestKit
import Testing

/// The contract again, over real sockets, against peers that another hand wrote.
@Suite struct SimulatorContractTests {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let products = (0..<7).map { RemoteRef(kind: .product, id: "p\($0)") }

    struct Ends: Sendable {
        let shop: ShopSimulator
        let adapter: any ChannelAdapter
    }

    func ends(_ face: ShopFace, _ body: @Sendable (Ends) async throws -> Void) async throws {
        let time = ManualTime()
        let shop = ShopSimulator(
            channel: try #require(ChannelID("web")), face: face, incarnation: "77aa", time: time)
        let server = try ShopSimulatorServer(
            shop: shop, secrets: [Self.secret], port: 0, time: time,
            logger: Logger(label: "shop") { _ in SwiftLogNoOpLogHandler() })
        let transport = CurlTransport(configuration: .ordinary)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            let endpoint = ChannelEndpoint(
                url: "http://127.0.0.1:\(try await server.port)", secrets: [Secret(Self.secret)],
                addresses: .privateToo)
            let adapter = try AdapterFactory.adapter(
                for: face == .plain ? .plain : .delta, endpoint: endpoint, transport: transport, time: time)
            try await body(Ends(shop: shop, adapter: adapter))
            await transport.shutdown(grace: .seconds(5))
        }
    }

    func batch(_ titles: [JSON], expecting: String? = nil, session: String = "s1") -> PushBatch {
        let deltas = zip(Self.products, titles).enumerated().map { index, pair in
            OutgoingDelta(
                sequence: Int64(index + 1), entity: pair.0, unit: ContractSubject.unit,
                operation: .set(JSON.object(JSONObject([("title", pair.1)])).bytes),
                token: CausalToken(json: ["hub:main:k3f9": 1]), key: OperationID("\(session)-\(index)"),
                expecting: expecting)
        }
        return PushBatch(generation: "g1", session: session, from: 0, to: Int64(deltas.count), deltas: deltas)
    }

    func isStored(_ outcome: PushOutcome) -> Bool { if case .stored = outcome { true } else { false } }

    @Test(arguments: ShopFace.allCases)
    func `what is pushed is there, and pushed again has no second effect`(face: ShopFace) async throws {
        try await ends(face) { ends in
            let batch = batch(["一", "二", "三"])
            for _ in 0..<2 {
                let outcomes = try await ends.adapter.push(batch).outcomes
                #expect(outcomes.allSatisfy(isStored))
            }
            #expect(await ends.shop.doubledEffects.isEmpty)
            #expect(await ends.shop.contents.map(\.value) == [["title": "一"], ["title": "二"], ["title": "三"]])
        }
    }

    @Test(arguments: ShopFace.allCases)
    func `a lost answer is unknown, and the same push again finds it done`(face: ShopFace) async throws {
        try await ends(face) { ends in
            await ends.shop.turn { $0.dropAfter = 1_000 }
            do {
                _ = try await ends.adapter.push(batch(["一"]))
                Issue.record("an answer came")
            } catch let error as ChannelError {
                guard case .unknown = error else {
                    Issue.record("\(error)")
                    return
                }
            }
            await ends.shop.turn { $0.dropAfter = 0 }
            let outcomes = try await ends.adapter.push(batch(["一"])).outcomes
            #expect(outcomes.allSatisfy(isStored))
            #expect(await ends.shop.doubledEffects.isEmpty)
        }
    }

    @Test(arguments: ShopFace.allCases)
    func `the shop's own edits are pulled page by page to the end`(face: ShopFace) async throws {
        try await ends(face) { ends in
            for product in Self.products { await ends.shop.edit(product, ContractSubject.unit, ["title": .string(product.id)]) }
            var cursor: PullCursor?
            var seen: Set<RemoteRef> = []
            for _ in 0..<20 {
                let page = try await ends.adapter.pull(after: cursor, limit: 2)
                #expect(page.faults.isEmpty)
                seen.formUnion(page.observations.map(\.entity))
                cursor = page.next
                if page.complete { break }
            }
            #expect(seen == Set(Self.products))
        }
    }

    @Test(arguments: ShopFace.allCases)
    func `an enumeration lists each thing once`(face: ShopFace) async throws {
        try await ends(face) { ends in
            for product in Self.products { await ends.shop.edit(product, ContractSubject.unit, ["title": .string(product.id)]) }
            var position: String?
            var seen: [RemoteRef] = []
            repeat {
                let page = try await ends.adapter.enumerate(after: position, limit: 3)
                seen += page.observations.map(\.entity)
                position = page.next
            } while position != nil
            #expect(seen == Self.products)
        }
    }

    @Test(arguments: ShopFace.allCases)
    func `a read tells what is there from what is not`(face: ShopFace) async throws {
        try await ends(face) { ends in
            await ends.shop.edit(Self.products[0], ContractSubject.unit, ["title": "店"])
            let found = try await ends.adapter.read([Self.products[0], Self.products[1]])
            #expect(found.map(\.entity) == Array(Self.products[0...1]))
            #expect(found.map(\.content) == [.value(["title": "店"]), .absent])
        }
    }

    @Test(arguments: [ShopFace.deltaWithoutClocks, .plain])
    func `an edit unseen is not overwritten by a swap`(face: ShopFace) async throws {
        try await ends(face) { ends in
            await ends.shop.edit(Self.products[0], ContractSubject.unit, ["title": "先"])
            let version = try await ends.adapter.read([Self.products[0]]).first?.version
            await ends.shop.edit(Self.products[0], ContractSubject.unit, ["title": "后"])
            guard case .stale(let found)? = try await ends.adapter.push(batch(["新"], expecting: version)).outcomes.first else {
                Issue.record("overwritten")
                return
            }
            #expect(found.content == .value(["title": "后"]))
        }
    }

    @Test(arguments: ShopFace.allCases)
    func `a channel in the dark is named for what it is`(face: ShopFace) async throws {
        try await ends(face) { ends in
            await ends.shop.turn { $0.dark = .unavailable }
            do {
                _ = try await ends.adapter.pull(after: nil, limit: 1)
                Issue.record("an answer came")
            } catch let error as ChannelError {
                guard case .throttled = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }
}
