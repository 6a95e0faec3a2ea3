import ChannelAdapters
import Commerce
import Testing

/// What every adapter owes the engine, whatever its channel speaks.
@Suite struct ChannelContractTests {
    typealias Subject = ContractSubject

    func push(
        _ subject: Subject, _ batch: PushBatch, _ script: [Result<HTTPResponse, TransportError>]
    ) async throws -> [PushOutcome] {
        try await subject.adapter(ScriptedTransport(script)).push(batch).outcomes
    }

    @Test(arguments: Subject.all)
    func `capabilities are what the channel says`(subject: Subject) async throws {
        let adapter = try subject.adapter(ScriptedTransport([.answer(200, subject.capabilities)]))
        let capabilities = try await adapter.capabilities()
        #expect(capabilities.keepsClocks == subject.keepsClocks)
        #expect(capabilities.comparesAndSwaps)
        #expect(capabilities.families == ["text", "price"])
        #expect(capabilities.requestsPerSecond == 2.5)
        #expect(capabilities.generation == "g7")
        #expect(capabilities.batchMax >= 1)
        #expect(capabilities.projection.rules == [ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 60))])
    }

    @Test(arguments: Subject.all)
    func `a push that is taken is stored, delta by delta`(subject: Subject) async throws {
        let outcomes = try await push(subject, Subject.two, subject.stored.map { .answer(200, $0) })
        #expect(outcomes.count == 2)
        for outcome in outcomes {
            guard case .stored = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test(arguments: Subject.all)
    func `what the channel made of a value comes back`(subject: Subject) async throws {
        let outcomes = try await push(subject, Subject.one, subject.held.map { .answer(200, $0) })
        guard case .stored(let holding?) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(holding.value == ["title": "合一"])
        #expect(holding.version?.contains("v2") == true)
    }

    @Test(arguments: Subject.all)
    func `a stale push brings back what is there instead`(subject: Subject) async throws {
        let batch = Subject.batch([Subject.delta(5, Subject.first, ["title": "新"], expecting: "v1|0")])
        let outcomes = try await push(subject, batch, [.answer(subject.stale.status, subject.stale.body)])
        guard case .stale(let observation)? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(observation.entity == Subject.first)
        #expect(observation.unit == Subject.unit)
        #expect(observation.content == .value(["title": "别的"]))
        #expect((observation.token != nil) == subject.keepsClocks)
    }

    @Test(arguments: Subject.all)
    func `a value the channel will not take names its field`(subject: Subject) async throws {
        let outcomes = try await push(subject, Subject.one, [.answer(subject.rejected.status, subject.rejected.body)])
        guard case .rejected("title", let reason)? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(reason.contains("too long"))
    }

    @Test(arguments: Subject.all)
    func `what was put off says for how long, and the rest stands`(subject: Subject) async throws {
        let outcomes = try await push(subject, Subject.two, subject.deferred)
        guard outcomes.count == 2, case .stored = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outcomes[1] == .deferred(retryAfter: .seconds(7)))
    }

    @Test(arguments: Subject.all)
    func `the same batch again carries the same name`(subject: Subject) async throws {
        let transport = ScriptedTransport((subject.stored + subject.stored).map { .answer(200, $0) })
        let adapter = try subject.adapter(transport)
        _ = try await adapter.push(Subject.two)
        _ = try await adapter.push(Subject.two)
        let names = transport.requests.map { ($0["webhook-id"] ?? $0["idempotency-key"] ?? "none") + $0.text }
        #expect(Array(names.prefix(names.count / 2)) == Array(names.suffix(names.count / 2)))
        #expect(Set(names).count == names.count / 2)
    }

    @Test(arguments: Subject.all)
    func `a pull goes page by page to the end, and one bad item spoils nothing`(subject: Subject) async throws {
        let transport = ScriptedTransport(subject.pages.map { .answer(200, $0) })
        let page = try await subject.adapter(transport).pull(after: nil, limit: 2)
        #expect(page.observations.map(\.entity) == [Subject.first])
        #expect(page.observations.first?.content == .value(["title": "一"]))
        #expect(page.faults.map(\.item) == ["product/bad"])
        #expect(page.faults.first?.field.contains("TEXT") == true || page.faults.first?.field == "unit")
        #expect(!page.complete)
        // A cursor outlives the adapter: it is stored and used after a restart.
        let rest = try await subject.adapter(transport).pull(after: page.next, limit: 2)
        #expect(rest.observations.map(\.content) == [.absent])
        #expect(rest.complete)
        #expect(transport.requests[0].url != transport.requests[1].url)
    }

    @Test(arguments: Subject.all)
    func `a read tells what is there from what is not`(subject: Subject) async throws {
        let absent = RemoteRef(kind: .product, id: "p9")
        let observations = try await subject.adapter(ScriptedTransport(subject.read)).read([Subject.first, absent])
        #expect(observations.map(\.entity) == [Subject.first, absent])
        #expect(observations.map(\.unit) == [Subject.unit, nil])
        #expect(observations.map(\.content) == [.value(["title": "一"]), .absent])
    }

    @Test(arguments: Subject.all)
    func `an enumeration goes on where it stood and ends`(subject: Subject) async throws {
        let transport = ScriptedTransport(subject.listing.map { .answer(200, $0) })
        let page = try await subject.adapter(transport).enumerate(after: nil, limit: 1)
        #expect(page.observations.map(\.entity) == [Subject.first])
        let rest = try await subject.adapter(transport).enumerate(after: page.next, limit: 1)
        #expect(rest.observations.map(\.entity) == [Subject.second])
        #expect(rest.next == nil)
        #expect(transport.requests[1].url.contains("after=product%2Fp1"))
    }

    @Test(arguments: Subject.all)
    func `the door and its key are the endpoint's`(subject: Subject) async throws {
        let transport = ScriptedTransport([.answer(200, subject.capabilities)])
        _ = try await subject.adapter(transport).capabilities()
        let request = try #require(transport.requests.first)
        #expect(request.url.hasPrefix("http://shop.test/sync/"))
        #expect(!request.url.contains(subject.secret.revealed))
        #expect(request.addresses == .publicOnly)
        #expect(request["authorization"] == "Bearer token-of-the-shop" || request["webhook-signature"]?.hasPrefix("v1,") == true)
    }
}
