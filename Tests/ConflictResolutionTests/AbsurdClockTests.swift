import Commerce
import ConflictResolution
import Testing

@Suite struct AbsurdClockTests {
    private let known = VectorClock([.init(actor: World.hub, count: 3), .init(actor: World.web, count: 2)])

    private func version(_ count: UInt64, seen: [(Actor, UInt64)]) -> Version<JSON?> {
        let context = VectorClock(seen.map { VectorClock.Entry(actor: $0.0, count: $0.1) })
        return Version(dot: Dot(actor: World.web, count: count), context: context, stamp: Stamp(raw: 1), value: "x")
    }

    @Test func `an honest clock has no fault`() {
        #expect(version(3, seen: [(World.hub, 2), (World.web, 2)]).fault(at: known) == nil)
    }

    @Test func `a clock that cannot be true is refused with the reason`() {
        #expect(version(0, seen: []).fault(at: known) != nil)
        #expect(version(.max, seen: [(World.web, .max - 1)]).fault(at: known) != nil)
        #expect(version(3, seen: [(World.web, 3)]).fault(at: known)?.contains("already seen") == true)
        #expect(version(3, seen: [(World.hub, 1)]).fault(at: known)?.contains("number 3") == true)
        #expect(version(3, seen: [(World.web, 2), (World.hub, 4)]).fault(at: known)?.contains("only 3") == true)
        #expect(version(3, seen: [(World.web, 2), (World.app, 1)]).fault(at: known)?.contains("only 0") == true)
    }

    @Test(arguments: UnitCatalog.all.map(\.policy))
    func `writes that claim to have seen each other are resolved all the same`(policy: MergePolicy) {
        let one = Version<JSON?>(
            dot: Dot(actor: World.web, count: 1), context: VectorClock([.init(actor: World.app, count: 9)]),
            stamp: Stamp(raw: 1), value: ["a"])
        let other = Version<JSON?>(
            dot: Dot(actor: World.app, count: 1), context: VectorClock([.init(actor: World.web, count: .max)]),
            stamp: Stamp(raw: 2), value: ["b"])
        let itself = Version<JSON?>(
            dot: Dot(actor: World.hub, count: 1), context: VectorClock([.init(actor: World.hub, count: .max)]),
            stamp: Stamp(raw: .max), value: ["c"])
        var clock = VectorClock()
        for version in [one, other, itself] { clock.insert(version.dot) }
        let siblings = Siblings(clock: clock, versions: [one, other, itself])
        let past = Liar(writes: [itself, other, one])
        let resolver = Resolver(policy: policy, authority: World.Hub(), history: past)
        #expect(resolver.resolve(siblings) == resolver.resolve(siblings))
    }

    /// A past that gives every write for every moment.
    private struct Liar: UnitHistory {
        let writes: [Version<JSON?>]
        func versions(within clock: VectorClock) -> [Version<JSON?>]? { writes }
    }

    @Test func `a conflict that was never settled does not exhaust the stack`() {
        // Two ends that write for ever without ever seeing each other's latest.
        var history = FullHistory()
        var siblings = Siblings<JSON?>()
        var seen = (hub: VectorClock(), web: VectorClock())
        for step in 0..<300 {
            let hub = Version.by(World.hub, at: Int64(step), having: seen.hub, ["title": .string("h\(step)")])
            let web = Version.by(World.web, at: Int64(step), having: seen.web, ["title": .string("w\(step)")])
            history.writes += [hub, web]
            siblings.update(hub)
            siblings.update(web)
            seen.hub.insert(hub.dot)
            seen.web.insert(web.dot)
            if step > 0 {
                seen.hub.raise(World.web, to: UInt64(step))
                seen.web.raise(World.hub, to: UInt64(step))
            }
        }
        let resolver = Resolver(policy: .disjointText, authority: World.Hub(), history: history)
        #expect(resolver.resolve(siblings).live == ["title": "h299"])
    }
}
