import Commerce
import Testing

@Suite struct ParcelTrackTests {
    private func at(_ hours: Int) -> Timestamp { RandomTrack.start + .seconds(hours * 3_600) }

    @Test func `nothing is known of a parcel nobody spoke of`() {
        let track = ParcelTrack([])
        #expect(track.phase == nil && track.entries.isEmpty && track.lastAt == nil)
    }

    @Test func `one event told again in other words at its time is shown once, and a second scan of that second is not lost`() {
        let track = ParcelTrack([
            node(1, .inTransit, "快件到达【上海】", code: "0"), node(1, .inTransit, "快件到达[上海] ", code: "0"),
            node(1, .inTransit, "快件离开【上海】", code: "0"), node(5, .delivered, "已签收，签收人 138****0000"),
            node(5, .delivered, "您的快件已签收"),
        ])
        #expect(track.entries.count == 3)
    }

    @Test func `two services that tell one node show it once, seconds or not`() {
        let exact = TrackNode(TrackingEvent(at: at(3) + .seconds(35), phase: .delivered, text: "已签收"), from: "kd")
        let cut = TrackNode(TrackingEvent(at: at(3), phase: .delivered, text: "Delivered", place: "Shanghai"), from: "17")
        let track = ParcelTrack([exact, cut])
        #expect(track.entries.count == 1)
        #expect(track.entries.first?.sources == ["17", "kd"])
        #expect(track.entries.first?.event.text == "Delivered")
        #expect(track.deliveredAt == at(3) + .seconds(35))
    }

    @Test func `a parcel that is sent back after delivery is on its way back, and was delivered`() {
        let track = ParcelTrack([node(1, .pickedUp), node(9, .delivered), node(30, .returning), node(60, .returned)])
        #expect(track.phase == .returned)
        #expect(track.deliveredAt == at(9) && track.turnedBackAt == at(30) && track.returnedAt == at(60))
    }

    @Test func `whoever signs for a parcel on its way back is not its buyer`() {
        let track = ParcelTrack([node(1, .pickedUp), node(9, .returning), node(20, .outForDelivery), node(30, .delivered)])
        #expect(track.phase == .returned)
        #expect(track.deliveredAt == nil && track.returnedAt == at(30))
    }

    @Test func `attempts that failed are counted, and the trouble is over when it moves on`() {
        let way = [node(1, .outForDelivery), node(2, .exception, "nobody there"), node(20, .outForDelivery), node(22, .exception, "nobody there again")]
        #expect(ParcelTrack(way).failedAttempts == 2)
        #expect(ParcelTrack(way).trouble?.text == "nobody there again")
        let later = ParcelTrack(way + [node(40, .outForDelivery), node(41, .delivered)])
        #expect(later.failedAttempts == 2 && later.trouble == nil && later.phase == .delivered)
    }

    @Test func `a scan entered late does not undeliver it`() {
        let track = ParcelTrack([node(9, .delivered), node(11, .inTransit, "离开")])
        #expect(track.phase == .delivered && track.entries.count == 2)
    }

    @Test func `what is stalled depends on where it is`() {
        let policy = TrackingPolicy.standard
        #expect(policy.stalls(.inTransit, last: at(10), leftAt: at(0)) == at(10 + 96))
        #expect(policy.stalls(nil, last: nil, leftAt: at(0)) == at(48))
        #expect(policy.stalls(.delivered, last: at(10), leftAt: at(0)) == nil)
    }

    @Test func `history promises its median, then its ninetieth, and nothing after that or below its floor`() {
        let hours = (1...20).map { Duration.seconds($0 * 3_600) }
        let history = DeliveryHistory(hours)
        #expect(history.median == .seconds(10 * 3_600) && history.ninetieth == .seconds(18 * 3_600))
        func estimate(_ now: Int, _ sameWay: [Duration], word: Timestamp? = nil) -> DeliveryEstimate? {
            DeliveryEstimate(
                carriers: word.map { (at: $0, by: "kd") }, sameWay: DeliveryHistory(sameWay), sameCarrier: history, leftAt: at(0), now: at(now), samplesMin: 20)
        }
        #expect(estimate(1, hours) == DeliveryEstimate(at: at(10), latest: at(18), source: .sameWay(samples: 20)))
        #expect(estimate(1, Array(hours.dropLast()))?.source == .sameCarrier(samples: 20))
        #expect(estimate(12, hours)?.at == at(18))
        #expect(estimate(18, hours) == nil)
        #expect(estimate(1, hours, word: at(7)) == DeliveryEstimate(at: at(7), source: .carrier("kd")))
        #expect(estimate(8, hours, word: at(7))?.source == .sameWay(samples: 20))
    }

    @Test func `the tail of a telephone number does not print`() {
        let tail = PhoneTail("138 0000 1234")
        #expect(tail?.digits == "1234" && "\(tail as Any)".contains("1234") == false)
        #expect(PhoneTail("12") == nil)
    }

    @Test func `fifty events are shown, the newest first`() {
        let nodes = (0..<80).map { node($0, .inTransit, "站 \(Character(UnicodeScalar(0x4E00 + $0)!))") }
        let json = ParcelSight(track: ParcelTrack(nodes), estimate: nil, stalledAt: nil).json
        #expect(json["events"]?.array?.count == 50)
        #expect(json["events"]?.array?.first?["at"]?.integer == at(79).milliseconds)
    }

    @Test func `a policy is read as it is written, in parts as well`() throws {
        var policy = TrackingPolicy.standard
        policy.askEvery = .seconds(3_600)
        policy.stallsAfter[.customs] = nil
        #expect(try TrackingPolicy(["ask_every": 3_600, "stalls_after": ["customs": 0]]) == policy)
        #expect(try TrackingPolicy(TrackingPolicy.standard.json) == .standard)
        #expect(throws: ValidationFailure.self) { try TrackingPolicy(["ask_every": 10]) }
    }
}
