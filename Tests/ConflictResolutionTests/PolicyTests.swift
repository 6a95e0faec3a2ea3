import Commerce
import ConflictResolution
import Testing

/// What each policy makes of one small conflict a shopkeeper would recognise.
@Suite struct PolicyTests {
    /// The hub wrote `base` first; then `edits` were made by authors who had seen just that.
    private func resolve(
        _ policy: MergePolicy, base: JSON? = nil, _ edits: [(Actor, Int64, JSON?)],
        validate: Resolver.Validation? = nil
    ) -> (resolution: Resolution, dots: [Dot]) {
        var siblings = Siblings<JSON?>()
        var history = FullHistory()
        var seen = VectorClock()
        if let base {
            let first = Version.by(World.hub, at: 1, base)
            siblings.update(first)
            history.writes.append(first)
            seen.insert(first.dot)
        }
        var dots: [Dot] = []
        for (actor, time, value) in edits {
            let version = Version.by(actor, at: time, having: seen, value)
            siblings.update(version)
            history.writes.append(version)
            dots.append(version.dot)
        }
        let resolver = Resolver(policy: policy, authority: World.Hub(), history: history, validate: validate)
        return (resolver.resolve(siblings), dots)
    }

    @Test func `one version is live as it is and the past is not asked`() {
        struct Forbidden: UnitHistory {
            func versions(within clock: VectorClock) -> [Version<JSON?>]? {
                Issue.record("the history was asked")
                return nil
            }
        }
        var siblings = Siblings<JSON?>()
        siblings.update(.by(World.web, at: 5, ["a"]))
        let resolver = Resolver(policy: .addWinsSet(key: nil), authority: World.Hub(), history: Forbidden())
        #expect(resolver.resolve(siblings) == Resolution(live: ["a"]))
    }

    @Test func `a unit nobody wrote has no value`() {
        #expect(resolve(.lastWriter, []).resolution == Resolution(live: nil))
    }

    @Test(arguments: UnitCatalog.all.map(\.policy))
    func `two equal values are no conflict`(policy: MergePolicy) {
        let value: JSON = ["title": "壶", "years": 3, "state": "on"]
        let (resolution, _) = resolve(policy, base: ["title": "旧"], [(World.hub, 5, value), (World.web, 9, value)])
        #expect(resolution == Resolution(live: value))
    }

    @Test func `the latest writer wins and the other is listed as overruled`() {
        let (resolution, dots) = resolve(.lastWriter, [(World.hub, 9, "hub"), (World.web, 12, "web")])
        #expect(resolution == Resolution(live: "web", overruled: [dots[0]]))
    }

    @Test func `a single owner is not asked about what a channel wrote`() {
        let (resolution, dots) = resolve(.singleOwner, [(World.hub, 1, "hub"), (World.web, 12, "web")])
        #expect(resolution == Resolution(live: "hub", overruled: [dots[1]]))
    }

    @Test func `a channel's price waits as a proposal beside the hub's`() {
        let (resolution, dots) = resolve(
            .hubAuthoritative, [(World.hub, 1, ["amount": 100]), (World.web, 12, ["amount": 90])])
        #expect(resolution == Resolution(live: ["amount": 100], overruled: [dots[1]], question: .proposal))
    }

    @Test func `the hub's tax class stays live until a person chooses`() {
        let (resolution, dots) = resolve(.askPerson, [(World.hub, 1, "reduced"), (World.web, 12, "full")])
        #expect(resolution == Resolution(live: "reduced", overruled: [dots[1]], question: .choice))
    }

    @Test func `numbers and shelves go by their rule whatever the time`() {
        let ages: [(Actor, Int64, JSON?)] = [(World.hub, 1, ["years": 18]), (World.web, 12, ["years": 16])]
        #expect(resolve(.highest(field: "years"), ages).resolution.live == ["years": 18])
        #expect(resolve(.lowest(field: "years"), ages).resolution.live == ["years": 16])
        let shelf = MergePolicy.mostRestrictive(field: "state", order: ["off", "draft", "on"])
        let states: [(Actor, Int64, JSON?)] = [(World.app, 1, ["state": "draft"]), (World.web, 12, ["state": "on"])]
        #expect(resolve(shelf, states).resolution.live == ["state": "draft"])
    }

    @Test func `an edit outlives a deletion made at once and a person is asked`() {
        for policy in [MergePolicy.lastWriter, .highest(field: "years"), .disjointText] {
            let (resolution, dots) = resolve(
                policy, base: ["title": "a", "years": 1],
                [(World.web, 5, ["title": "b", "years": 2]), (World.hub, 9, nil)])
            #expect(resolution.live == ["title": "b", "years": 2])
            #expect(resolution.overruled == [dots[1]])
            #expect(resolution.question == .deletion)
        }
    }

    @Test func `additions unite and a removal takes what its author had seen`() {
        let (resolution, _) = resolve(
            .addWinsSet(key: nil), base: ["tea", "cup", "old"],
            [(World.hub, 5, ["tea", "pot", "cup"]), (World.web, 9, ["tea", "cup", "old", "新品"])])
        #expect(resolution == Resolution(live: ["tea", "pot", "cup", "新品"]))
    }

    @Test func `a tag taken off and put back survives a removal made meanwhile`() {
        var history = FullHistory()
        func write(_ version: Version<JSON?>) -> VectorClock {
            history.writes.append(version)
            var clock = version.context
            clock.insert(version.dot)
            return clock
        }
        let start = write(.by(World.hub, at: 1, ["sale"]))
        let gone = write(.by(World.web, at: 2, having: start, []))
        let back = Version.by(World.web, at: 3, having: gone, ["sale"])
        _ = write(back)
        let removal = Version.by(World.hub, at: 9, having: start, [])
        _ = write(removal)
        var siblings = Siblings<JSON?>()
        for version in history.writes { siblings.update(version) }
        #expect(siblings.versions.count == 2)
        let resolver = Resolver(policy: .addWinsSet(key: nil), authority: World.Hub(), history: history)
        #expect(resolver.resolve(siblings).live == ["sale"])
    }

    @Test func `pictures are told apart by address and the later caption stands`() {
        func picture(_ url: String, _ alt: String) -> JSON { ["url": .string(url), "alt": .string(alt)] }
        let (resolution, dots) = resolve(
            .addWinsSet(key: "url"), base: [picture("a", "old"), picture("b", "b")],
            [(World.hub, 5, [picture("a", "hub"), picture("c", "c")]), (World.web, 9, [picture("a", "web"), picture("b", "b")])])
        #expect(resolution.live == [picture("a", "web"), picture("c", "c")])
        #expect(resolution.overruled == [dots[0]])
    }

    @Test func `a title and a keyword edited at two ends both stand`() {
        let (resolution, _) = resolve(
            .disjointText, base: ["title": "Pot", "keywords": "tea"],
            [(World.hub, 5, ["title": "Teapot", "keywords": "tea"]), (World.web, 9, ["title": "Pot", "keywords": "tea,pot"])])
        #expect(resolution == Resolution(live: ["title": "Teapot", "keywords": "tea,pot"]))
    }

    @Test func `neighbouring paragraphs edited at two ends both stand`() {
        func body(_ paragraphs: String...) -> JSON {
            ["title": "壶", "body": .string(paragraphs.map { "<p>\($0)</p>" }.joined())]
        }
        let (resolution, _) = resolve(
            .disjointText, base: body("一", "二", "三"),
            [(World.hub, 5, body("一改", "二", "三")), (World.web, 9, body("一", "二改", "三")), (World.app, 2, body("一", "二", "三", "四"))])
        #expect(resolution == Resolution(live: body("一改", "二改", "三", "四")))
    }

    @Test func `the same words edited twice keep the hub's live and ask`() {
        let (resolution, dots) = resolve(
            .disjointText, base: ["title": "Pot"], [(World.hub, 5, ["title": "Teapot"]), (World.web, 9, ["title": "Kettle"])])
        #expect(resolution == Resolution(live: ["title": "Teapot"], overruled: [dots[1]], question: .overlap))
    }

    @Test func `a merge that breaks the unit's rules gives way to the hub's value`() throws {
        let (resolution, dots) = resolve(.addWinsSet(key: nil), [(World.hub, 5, ["a"]), (World.web, 9, ["b"])]) {
            value throws(ValidationFailure) in
            guard (value.array?.count ?? 0) < 2 else { throw ValidationFailure(field: "", reason: "too many") }
            return value
        }
        #expect(resolution == Resolution(live: ["a"], overruled: [dots[1]], question: .invalidMerge))
    }

    @Test func `without a past nothing is taken away`() {
        var siblings = Siblings<JSON?>()
        var seen = VectorClock()
        seen.raise(World.hub, to: 4)
        siblings.update(.by(World.hub, at: 5, having: seen, ["a", "b"]))
        siblings.update(.by(World.web, at: 9, having: seen, ["b", "c"]))
        let resolver = Resolver(policy: .addWinsSet(key: nil), authority: World.Hub(), history: NoHistory())
        #expect(resolver.resolve(siblings).live == ["a", "b", "c"])
    }
}
