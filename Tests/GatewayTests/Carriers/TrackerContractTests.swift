@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

/// What holds for every tracking platform, whatever its wire.
@Suite struct TrackerContractTests {
    typealias Platform = TrackerWorld.Platform

    private func parcel(_ platform: Platform, phone: String? = nil) throws -> TrackedParcel {
        TrackedParcel(carrier: try #require(CarrierID(platform.parcel.carrier)), number: platform.parcel.number, phoneTail: phone)
    }

    private func subscribed(_ platform: Platform, seed: UInt64 = 1) async throws -> (TrackerWorld, any ParcelTracker) {
        let world = try TrackerWorld(platform, seed: seed)
        let tracker = try #require(world.gateway.parcels)
        #expect(await tracker.subscribe(try parcel(platform)) == .taken)
        try world.control("announce", ["number": .string(platform.parcel.number), "carrier": .string(platform.parcel.own)])
        return (world, tracker)
    }

    private func step(_ world: TrackerWorld, _ word: String, _ platform: Platform) throws {
        world.time.advance(by: .seconds(600))
        try world.control(word, ["number": .string(platform.parcel.number)])
    }

    @Test(arguments: Platform.allCases)
    func `a parcel that moves and arrives is heard of step by step`(platform: Platform) async throws {
        let (world, _) = try await subscribed(platform)
        for word in ["move", "move", "move", "move", "move", "move", "deliver"] {
            try step(world, word, platform)
            await world.run(for: .seconds(60))
        }
        let events = try world.events(of: platform.parcel.number).sorted { $0.at < $1.at }
        let phases: [ParcelPhase] = [.pickedUp, .inTransit, .inTransit, .inTransit, .inTransit, .outForDelivery, .delivered]
        #expect(events.map(\.phase) == phases)
        #expect(Set(try world.reports().map(\.carrier.text)) == [platform.parcel.carrier])
        #expect(events.allSatisfy { !$0.code.isEmpty && !$0.text.isEmpty && $0.place != nil })
        #expect(world.refusals.isEmpty)
    }

    @Test(arguments: Platform.allCases)
    func `what is asked for is what was pushed`(platform: Platform) async throws {
        let (world, tracker) = try await subscribed(platform)
        for word in ["move", "exception", "locker", "return", "return"] { try step(world, word, platform) }
        await world.run()
        guard case .report(let report) = await tracker.track(try parcel(platform)) else {
            Issue.record("no report")
            return
        }
        let phases: [ParcelPhase] = [.pickedUp, .exception, .awaitingPickUp, .returning, .returned]
        // SF has no operation for a parcel that came home.
        let isSF = platform == .sfJSON || platform == .sfForm
        #expect(report.events.sorted { $0.at < $1.at }.map(\.phase) == (isSF ? Array(phases.prefix(4)) + [.returning] : phases))
        #expect(try world.events(of: platform.parcel.number) == Set(report.events))
    }

    @Test(arguments: Platform.allCases, 1...6)
    func `shuffled, doubled, shrunk, late and batched pushes tell the same events`(platform: Platform, seed: Int) async throws {
        let (world, _) = try await subscribed(platform, seed: UInt64(seed))
        try world.control("dials", ["callback_copies": 2, "callback_delay_max_ms": 3_600_000])
        for word in ["move", "move", "shuffle", "move", "shrink", "duplicate", "move", "exception", "shrink", "deliver", "shuffle"] {
            try step(world, word, platform)
        }
        try world.control("batch", ["numbers": .array([.string(platform.parcel.number)])])
        await world.run()
        let (plain, tracker) = try await subscribed(platform)
        for word in ["move", "move", "", "move", "", "", "move", "exception", "", "deliver", ""] {
            if word.isEmpty { plain.time.advance(by: .seconds(600)) } else { try step(plain, word, platform) }
        }
        try plain.control("move", ["number": .string(platform.parcel.number)])
        await plain.run()
        #expect(try world.events(of: platform.parcel.number) == plain.events(of: platform.parcel.number))
        #expect(try world.events(of: platform.parcel.number).count == 7)
        #expect(tracker.id == "tracker")
    }

    @Test(arguments: Platform.allCases)
    func `a push that cannot be kept comes again, and is told once`(platform: Platform) async throws {
        let (world, _) = try await subscribed(platform)
        world.refuseNext(2)
        try step(world, "move", platform)
        await world.run()
        #expect(try world.events(of: platform.parcel.number).count == 1)
        #expect(world.kept.count == 1)
        let books = try world.control("books", [:])
        #expect(books["callbacks_delivered"]?.integer == 1)
        #expect(books["callbacks_waiting"]?.integer == 0)
    }

    @Test(arguments: Platform.allCases)
    func `a push that was altered or is another merchant's is refused, and nothing of it is kept`(platform: Platform) async throws {
        for dial in ["callback_tampered", "callback_foreign"] {
            let (world, _) = try await subscribed(platform)
            try world.control("dials", .object(JSONObject([(dial, 1_000)])))
            try step(world, "move", platform)
            await world.run(for: .seconds(604_800))
            #expect(!world.refusals.isEmpty)
            #expect(world.kept.isEmpty)
            #expect(try world.control("books", [:])["callbacks_given_up"]?.integer == 1)
        }
    }

    @Test(arguments: Platform.allCases)
    func `asked with the wrong key, out of reach and in order are told apart`(platform: Platform) async throws {
        let world = try TrackerWorld(platform)
        let check = try #require(world.gateway.check)
        #expect(await check.check().level == .fine)
        try world.control("dials", ["dark": true])
        #expect(await check.check().level == .doubtful)
        try world.control("dials", ["dark": false, "fail_before": 1_000])
        #expect(await check.check().level == .doubtful)
        let other = try TrackerWorld.withOtherKey(platform, beside: world.simulator)
        try world.control("dials", ["fail_before": 0])
        let health = await other.check?.check()
        #expect(health?.level == .broken)
        #expect(health?.words.contains("another-key") == false)
    }

    @Test(arguments: Platform.allCases, ["moved", "delivered"])
    func `a sample is genuine and tells what its word says`(platform: Platform, word: String) throws {
        let world = try TrackerWorld(platform)
        let now = world.time.now()
        let sample = try #require(try world.gateway.check?.sample(word, at: now))
        let receiver = try #require(world.gateway.callbacks)
        guard case .keep(let key) = try receiver.verify(sample, at: now) else {
            Issue.record("not kept")
            return
        }
        #expect((1...200).contains(key.utf8.count) && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        guard case .parcel(let report) = try receiver.read(sample.body).first else {
            Issue.record("no report")
            return
        }
        #expect(report.events.contains { $0.phase == .delivered } == (word == "delivered"))
        #expect(throws: ValidationFailure.self) { try world.gateway.check?.sample("paid", at: now) }
    }

    @Test(arguments: Platform.allCases)
    func `on bad days nothing is refused for good, and a repeated request does the same once`(platform: Platform) async throws {
        for dial in ["fail_before", "fail_after", "drop_before", "drop_after", "throttle"] {
            let world = try TrackerWorld(platform, settings: ["query_interval_minutes": "0"].filter { _ in platform != .seventeenTrack })
            let tracker = try #require(world.gateway.parcels)
            try world.control("announce", ["number": .string(platform.parcel.number), "carrier": .string(platform.parcel.own)])
            try world.control("dials", .object(JSONObject([(dial, 1_000)])))
            let first = await tracker.track(try parcel(platform))
            guard case .later = first else {
                Issue.record("\(dial): \(first)")
                continue
            }
            _ = await tracker.subscribe(try parcel(platform))
            try world.control("dials", .object(JSONObject([(dial, 0)])))
            #expect(await tracker.subscribe(try parcel(platform)) == .taken, "\(dial)")
        }
    }

    @Test(arguments: Platform.allCases)
    func `where nobody reaches us parcels are asked after, and a carrier it has not is not followed`(platform: Platform) async throws {
        let world = try TrackerWorld(platform, isReached: false)
        let tracker = try #require(world.gateway.parcels)
        #expect(await tracker.subscribe(try parcel(platform)) == .asksOnly)
        let nobody = try #require(CarrierID("nobody"))
        #expect(!tracker.follows(nobody))
        guard case .refused = await tracker.subscribe(TrackedParcel(carrier: nobody, number: "12345678")) else {
            Issue.record("taken")
            return
        }
    }

    @Test(arguments: [Platform.kuaidi100, .kdniao, .sfJSON])
    func `one parcel is not asked after more often than the setting says`(platform: Platform) async throws {
        let (world, tracker) = try await subscribed(platform)
        try step(world, "move", platform)
        guard case .report = await tracker.track(try parcel(platform)) else {
            Issue.record("no report")
            return
        }
        world.time.advance(by: .seconds(1_799))
        #expect(await tracker.track(try parcel(platform)) == .later("it was asked after lately", after: .seconds(1)))
        world.time.advance(by: .seconds(1))
        guard case .report = await tracker.track(try parcel(platform)) else {
            Issue.record("no report")
            return
        }
    }

    @Test func `the same number means something else at each platform`() {
        #expect(Kuaidi100States.phase("201") == .exception)
        #expect(KdniaoStates.phase("201") == .inTransit)
        #expect(SFStates.phase(status: "201") == .inTransit)
        #expect(Kuaidi100States.phase("202") == .exception)
        #expect(KdniaoStates.phase("202") == .outForDelivery)
        #expect(Kuaidi100States.phase("401") == .expired)
        #expect(KdniaoStates.phase("401") == .exception)
        #expect(SFStates.phase(status: "401") == .delivered)
        #expect(Kuaidi100States.phase("6") == .returning)
        #expect(Kuaidi100States.phase("13") == .exception)
        #expect(Kuaidi100States.phase("11") == .customs)
        #expect(SFStates.phase(opCode: "301") == nil)
    }
}
