import Commerce
import Store
import SyncEngine
import Testing

@testable import SyncDaemon

struct DesksWhyTests {
    private func unit(_ report: WhyReport) throws -> WhyReport.Unit {
        try #require(report.units.first { $0.name == DeskWorld.text.unit })
    }

    @Test func `after a channel's edit one sees who wrote what and who still waits for it`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        try await world.add(DeskWorld.app)
        try await world.makeTea()
        try await world.store.write { writing throws(StoreError) in
            let newest = try writing.reading.newestSequence()
            for id in [DeskWorld.web, DeskWorld.app] {
                try writing.advance(try writing.reading.requireChannel(id), to: newest)
            }
        }
        try await world.edit(DeskWorld.web, "West Lake")
        try await world.store.write { writing throws(StoreError) in
            let newest = try writing.reading.newestSequence()
            try writing.advance(try writing.reading.requireChannel(DeskWorld.web), to: newest)
        }
        let unit = try unit(try await world.operators.why("product/tea", channel: nil))
        #expect(unit.live?["title"] == "West Lake")
        #expect(unit.history.map(\.author) == ["channel:web", "uid:1000"])
        #expect(unit.versions.map(\.isLive) == [true])
        #expect(unit.versions.first?.author.hasPrefix("ch:web:") == true)
        #expect(unit.holdings.map(\.channel) == [DeskWorld.app, DeskWorld.web])
        #expect(unit.holdings.map(\.state) == [.behind, .inStep])
        #expect(unit.holdings.map { $0.value?["title"] } == ["Longjing", "West Lake"])
    }

    @Test func `a SKU is found by the code it bears now`() async throws {
        let world = try DeskWorld()
        try await world.store.write { writing throws(StoreError) in
            let sku = EntityRef(.sku, EntityID("tea-100")!)
            try writing.create(sku)
            for code in ["OLD-1", "TEA-100"] {
                let identity: JSON = ["product": "tea", "code": .string(code)]
                _ = try writing.apply(UnitWrite(UnitRef(sku, UnitName("identity")!), identity, author: "t", origin: .api))
            }
        }
        #expect(try await world.operators.why("TEA-100", channel: nil).ref.id.text == "tea-100")
        for code in ["OLD-1", "TEA-10"] {
            guard case .notFound = await refusal({ _ = try await world.operators.why(code, channel: nil) }) else {
                Issue.record("\(code) was found")
                return
            }
        }
    }

    @Test func `a push that a channel refused says so, with the channel's words`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        try await world.makeTea()
        try await world.dead(DeskWorld.web, sequence: 2)
        let unit = try unit(try await world.operators.why("tea", channel: DeskWorld.web))
        let holding = try #require(unit.holdings.first)
        #expect(holding.state == .dead && holding.nextAttempt == nil)
        #expect(holding.lastAnswer == "title: too long")
    }

    @Test func `a channel that does not take a family is left out of the question`() async throws {
        let world = try DeskWorld()
        try await world.makeTea()
        try await world.store.write { writing throws(StoreError) in
            var settings = ChannelSettings()
            settings.families = ["tags"]
            try writing.putChannel(DeskWorld.web, settings: settings.json)
        }
        let unit = try unit(try await world.operators.why("product/tea", channel: nil))
        #expect(unit.holdings.map(\.state) == [.excluded])
    }

    @Test func `two sides are both shown while a person is asked`() async throws {
        let world = try DeskWorld()
        _ = try await world.quarrel()
        let unit = try unit(try await world.operators.why("product/tea", channel: nil))
        #expect(unit.versions.count == 2)
        #expect(unit.decided.contains("A person is asked"))
    }

    @Test func `a code two entities share is answered with both`() async throws {
        let world = try DeskWorld()
        try await world.makeTea()
        try await world.store.write { writing throws(StoreError) in
            try writing.create(Samples.reference("brand/tea"))
        }
        guard case .invalid(_, let reason) = await refusal({ _ = try await world.operators.why("tea", channel: nil) })
        else { Issue.record("one was chosen"); return }
        #expect(reason.contains("brand/tea") && reason.contains("product/tea"))
        guard case .notFound = await refusal({ _ = try await world.operators.why("coffee", channel: nil) }) else {
            Issue.record("found")
            return
        }
    }

    @Test func `a SKU is found by its code`() async throws {
        let world = try DeskWorld()
        try await world.makeTea()
        let sku = Samples.reference("sku/tin")
        _ = try await world.catalog.create(
            sku, units: [(Samples.unit("identity"), ["product": "tea", "code": "TEA-1"])], by: DeskWorld.boss)
        #expect(try await world.operators.why("TEA-1", channel: nil).ref == sku)
    }
}
