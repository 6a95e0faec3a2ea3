import ChannelAdapters
import ChannelSimulators
import Commerce
import ConflictResolution
import Mall
import Store
import SyncEngine

/// The chapters of the demo. Each does something, waits until every shop is in step
/// again, and says what happened.
struct DemoStory: Sendable {
    let plant: Plant
    let shops: [DemoShop]
    let platforms: DemoPlatforms

    func tell(_ text: String) { Terminal.print("\n" + text) }
    func detail(_ text: String) { Terminal.print("  " + text) }

    /// - Returns: whether everything ended as it must.
    func play() async throws -> Bool {
        let chapters: [(String, @Sendable (DemoStory) async throws -> Void)] = [
            ("1. Demo goods in Chinese and English are imported", { try await $0.importGoods() }),
            ("2. Three ends edit the same product at once", { try await $0.editTogether() }),
            ("3. A shop changes a price: the master decides, a person is asked", { try await $0.disagree() }),
            ("4. The app goes dark while 300 edits are made, then comes back", { try await $0.goDark() }),
            ("5. The web shop stores a push and its answer is lost", { try await $0.loseAnswer() }),
            ("6. The web shop sends the same callback three times", { try await $0.repeatCallback() }),
            ("7. Two ends buy the last unit, and a cancellation meets a payment", { try await $0.lastUnit() }),
            ("8. An order leaves in two parcels and a piece comes back damaged", { try await $0.twoParcels() }),
            ("9. An order is paid at WeChat Pay and followed to its buyer's door", { try await $0.payAndFollow() }),
        ]
        for (title, chapter) in chapters {
            tell(title)
            try await chapter(self)
            guard try await inStep() else { return false }
        }
        return try await conclude()
    }

    private func importGoods() async throws {
        let started = plant.surroundings.time.monotonicNanoseconds()
        let options = try InterchangeOptions(locale: "zh-CN", currency: "CNY", source: "demo")
        var importer = Importer(
            into: StoreCatalog(plant.store, author: "demo"), options: options, surroundings: plant.surroundings)
        var source = MemoryBytes(Array(DemoGoods.jsonLines.utf8))
        var reader: any CatalogReader = JSONLinesReader(NativeLines(options: options))
        let report = try await importer.run(&source, &reader) { event in
            if case .fault(let fault) = event { Terminal.say("  \(fault)") }
        }
        let seconds = Double(plant.surroundings.time.monotonicNanoseconds() - started) / 1e9
        detail("\(report.created) entities, \(report.unitsWritten) units in \(rounded(seconds)) s")
    }

    private func product(_ index: Int) async throws -> EntityRef {
        let products = try await plant.store.read { reading throws(StoreError) in
            try reading.entities(after: 0, kind: .product, limit: index + 1)
        }
        guard let found = products.dropFirst(index).first else { throw PlantError(description: "the demo has no goods") }
        return found.entity
    }

    private func unit(_ text: String) -> UnitName {
        guard let name = UnitName(text) else { preconditionFailure("\(text) is no unit") }
        return name
    }

    private func shop(_ id: String) -> DemoShop {
        guard let shop = shops.first(where: { $0.id.text == id }) else { preconditionFailure("no shop \(id)") }
        return shop
    }

    private func edit(_ ref: UnitRef, _ value: JSON, reason: String? = nil) async throws {
        try await plant.store.write { writing throws(StoreError) in
            _ = try writing.apply(UnitWrite(ref, value, author: "demo operator", origin: .api, reason: reason))
        }
    }

    private func live(_ ref: UnitRef) async throws -> JSON? {
        try await plant.store.read { reading throws(StoreError) in try reading.live(ref) }
    }

    private func editTogether() async throws {
        let product = try await product(0)
        let remote = RemoteRef(kind: .product, id: product.id.text)
        let tags = UnitRef(product, unit("tags"))
        let text = UnitRef(product, unit("text.zh-CN"))
        let before = try await live(tags)?.array ?? []
        await shop("web").shop.edit(remote, tags.unit, .array(before + ["web-pick"]))
        await shop("kiosk").shop.edit(remote, tags.unit, .array(before + ["kiosk-pick"]))
        try await edit(tags, .array(Array(before.dropFirst()) + ["master-pick"]))
        var words = try await live(text)?.object ?? JSONObject()
        words["brief"] = "主站改写的一句话简介"
        try await edit(text, .object(words))
        guard try await inStep(quietly: true) else { return }
        let merged = try await live(tags)?.array?.compactMap(\.string) ?? []
        detail("tags now, at every end: \(merged.joined(separator: ", "))")
    }

    private func disagree() async throws {
        let skus = try await plant.store.read { reading throws(StoreError) in
            try reading.entities(after: 0, kind: .sku, limit: 1)
        }
        guard let sku = skus.first?.entity else { return }
        let price = UnitRef(sku, unit("price.CNY"))
        guard let amount = try await live(price)?["amount"]?.integer else { return }
        var changed = try await live(price)?.object ?? JSONObject()
        changed["amount"] = .integer(amount - 100)
        await shop("web").shop.edit(RemoteRef(kind: .sku, id: sku.id.text), price.unit, .object(changed))
        let asked = await eventually { try await conflict(price) != nil }
        guard asked, let open = try await conflict(price) else {
            throw PlantError(description: "nobody was asked about the price")
        }
        detail("conflict \(open.number): \(price) is \(amount) here, \(amount - 100) proposed by web (\(open.question.rawValue))")
        let proposal = JSON.object(changed)
        try await plant.store.write { writing throws(StoreError) in
            _ = try writing.apply(
                UnitWrite(
                    price, proposal, author: "demo operator", origin: .resolution, reason: "the web shop's price is right"))
        }
        detail("a person took web's price; it goes to every end")
    }

    private func conflict(_ ref: UnitRef) async throws -> Conflict? {
        try await plant.store.read { reading throws(StoreError) in try reading.conflict(of: ref) }
    }

    private func goDark() async throws {
        await shop("app").shop.turn { $0.dark = .closed }
        let before = await shop("app").shop.writes.count
        for round in 0..<30 {
            for index in 0..<10 {
                let product = try await product(index)
                try await edit(
                    UnitRef(product, unit("order_limit")), ["quantity": .integer(Int64(round + 1))])
            }
        }
        await shop("app").shop.turn { $0.dark = .off }
        plant.engine.wake(shop("app").id)
        guard try await inStep(quietly: true) else { return }
        let sent = await shop("app").shop.writes.count - before
        detail("300 edits to 10 units were made; the app was sent \(sent) units when it came back")
    }

    private func loseAnswer() async throws {
        await shop("web").shop.turn { $0.dropAfter = 1_000 }
        let product = try await product(1)
        try await edit(UnitRef(product, unit("order_limit")), ["quantity": 7])
        _ = await eventually {
            let figures = try await plant.status.report().channels.first { $0.id.text == "web" }
            return (figures?.unknown ?? 0) > 0 || figures?.lastError != nil
        }
        await shop("web").shop.turn { $0.dropAfter = 0 }
        guard try await inStep(quietly: true) else { return }
        let doubled = await shop("web").shop.doubledEffects
        detail("read back before anything was sent again; applied twice: \(doubled.count)")
    }

    private func repeatCallback() async throws {
        let product = try await product(2)
        let body: JSON = [
            "type": "changed", "data": ["entities": [["kind": "product", "id": .string(product.id.text)]]],
        ]
        let web = shop("web")
        let signer = try StandardWebhooks(secrets: [Secret(web.secret)])
        let port = plant.ports.value[.public] ?? 0
        var answers: [Int] = []
        for _ in 0..<3 {
            let headers = try signer.sign(
                id: "msg_demo_1", at: plant.surroundings.time.now(), payload: body.bytes)
            let answer = try await plant.transport.send(
                HTTPRequest(
                    method: .post, url: "http://127.0.0.1:\(port)/v1/callbacks/\(web.id)",
                    headers: headers + [("content-type", "application/json")], body: body.bytes,
                    timeout: .seconds(5), responseBytesMax: 65_536, addresses: .privateToo))
            answers.append(answer.status)
        }
        let kept = try await plant.store.read { reading throws(StoreError) in
            try reading.inbox(limit: 10).filter { $0.event == "msg_demo_1" }.count
        }
        detail("answered \(answers.map(String.init).joined(separator: ", ")); kept \(kept) time, applied once")
    }

    private func conclude() async throws -> Bool {
        let verdict = try await DemoCheck(plant: plant, shops: shops).verdict()
        let findings = try await plant.store.read { reading throws(StoreError) in try reading.examine() }
        tell("The end: \(verdict.units) units at \(shops.count) shops compared one by one")
        detail("different: \(verdict.differences.count), applied twice: \(verdict.doubled.count), conflicts open: \(verdict.conflictsOpen), faults in the store: \(findings.count)")
        for difference in verdict.differences.prefix(10) { detail("  \(difference)") }
        for finding in findings.prefix(10) { detail("  \(finding)") }
        return verdict.differences.isEmpty && verdict.doubled.isEmpty && findings.isEmpty
    }

    /// Waits until every shop holds what the master says, at most a minute and a half.
    private func inStep(quietly: Bool = false) async throws -> Bool {
        let started = plant.surroundings.time.monotonicNanoseconds()
        let check = DemoCheck(plant: plant, shops: shops)
        let reached = await eventually(seconds: 90) {
            let channels = try await plant.status.report().channels
            guard channels.allSatisfy(\.inStep) else { return false }
            return try await check.verdict().differences.isEmpty
        }
        let seconds = Double(plant.surroundings.time.monotonicNanoseconds() - started) / 1e9
        if !reached {
            let verdict = try await check.verdict()
            tell("NOT in step after \(rounded(seconds)) s: \(verdict.differences.prefix(5).joined(separator: "; "))")
            try await show()
        } else if !quietly {
            detail("in step after \(rounded(seconds)) s")
            try await show()
        }
        return reached
    }

    private func show() async throws {
        for channel in try await plant.status.report().channels {
            detail(
                "\(channel.id.text.padded(8)) \(channel.state.rawValue.padded(8)) behind \(channel.lagChanges)  retrying \(channel.retrying)  unknown \(channel.unknown)  dead \(channel.dead)  breaker \(channel.breaker.rawValue)")
        }
    }

    private func eventually(seconds: Int = 20, _ condition: @Sendable () async throws -> Bool) async -> Bool {
        for _ in 0..<(seconds * 10) {
            do {
                if try await condition() { return true }
                try await plant.surroundings.time.sleep(for: .milliseconds(100))
            } catch {
                Terminal.say("  \(error)")
                return false
            }
        }
        return false
    }

    private func rounded(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
