import Commerce
import Store
import Testing

@testable import SyncDaemon

struct DesksChannelTests {
    @Test func `a channel is added, paused, resumed, resynced and retired, each once`() async throws {
        let world = try DeskWorld()
        let added = try await world.add(DeskWorld.web)
        #expect(added.state == .active && added.transport == "delta")
        #expect(world.links.connected == [DeskWorld.web])
        for command in [ChannelCommand.pause, .resume, .resync, .retire] {
            #expect(try await world.operators.command(command, DeskWorld.web, by: DeskWorld.boss) == .done)
            #expect(try await world.operators.command(command, DeskWorld.web, by: DeskWorld.boss) == .already)
        }
        #expect(world.links.connected.isEmpty)
        #expect(
            try await world.audited() == [
                "uid:1000 channel.add channel/web", "uid:1000 channel.pause channel/web",
                "uid:1000 channel.resume channel/web", "uid:1000 channel.resync channel/web",
                "uid:1000 channel.retire channel/web",
            ])
    }

    @Test func `a channel that was retired stays retired and keeps its id`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        _ = try await world.operators.command(.retire, DeskWorld.web, by: DeskWorld.boss)
        guard
            case .refused = await refusal({
                _ = try await world.operators.command(.resume, DeskWorld.web, by: DeskWorld.boss)
            })
        else { Issue.record("it came back"); return }
        guard case .contradiction = await refusal({ try await world.add(DeskWorld.web) }) else {
            Issue.record("its id was given again")
            return
        }
    }

    @Test func `a channel that halted says why it cannot be paused, and resumes`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        try await world.store.write { writing throws(StoreError) in
            try writing.setChannel(DeskWorld.web, state: .halted, reason: "too many deletions")
        }
        guard
            case .refused(let reason, let next) = await refusal({
                _ = try await world.operators.command(.pause, DeskWorld.web, by: DeskWorld.boss)
            })
        else { Issue.record("it was paused"); return }
        #expect(reason.contains("too many deletions"))
        #expect(next == "heyi channel resume web")
        #expect(try await world.operators.command(.resume, DeskWorld.web, by: DeskWorld.boss) == .done)
        #expect(try await world.operators.channel(DeskWorld.web).state == .active)
    }

    @Test func `a channel that could not be connected is not added`() async throws {
        let world = try DeskWorld()
        world.links.breakDown()
        guard case .failed = await refusal({ _ = try await world.add(DeskWorld.web) }) else {
            Issue.record("added")
            return
        }
        guard case .notFound = await refusal({ _ = try await world.operators.channel(DeskWorld.web) }) else {
            Issue.record("it is there")
            return
        }
    }

    @Test func `a channel whose secret has gone stays halted`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        try await world.store.write { writing throws(StoreError) in
            try writing.setChannel(DeskWorld.web, state: .halted, reason: "test")
        }
        world.links.breakDown()
        guard
            case .failed = await refusal({
                _ = try await world.operators.command(.resume, DeskWorld.web, by: DeskWorld.boss)
            })
        else { Issue.record("it was resumed"); return }
        #expect(try await world.operators.channel(DeskWorld.web).state == .halted)
    }

    @Test func `a channel nobody added does not exist`() async throws {
        let world = try DeskWorld()
        guard case .notFound = await refusal({ _ = try await world.operators.channel(DeskWorld.web) }) else {
            Issue.record("found")
            return
        }
        guard
            case .notFound = await refusal({
                _ = try await world.operators.command(.pause, DeskWorld.web, by: DeskWorld.boss)
            })
        else { Issue.record("paused"); return }
    }
}
