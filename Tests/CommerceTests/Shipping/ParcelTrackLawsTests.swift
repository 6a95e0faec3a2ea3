import Commerce
import Foundation
import Simulation
import Testing

/// A track is a function of the set of events, whatever way they came.
@Suite struct ParcelTrackLawsTests {
    @Test func `shuffled, doubled, shrunk and in batches the events make the same track`() {
        for seed in UInt64(1)...(ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 3_000 : 300) {
            var chance = RandomTrack(seed: seed)
            let nodes = chance.nodes()
            let track = ParcelTrack(nodes)
            var heard: [TrackNode] = []
            for report in chance.reports(of: nodes) { heard += report }
            let again = ParcelTrack(heard)
            guard again == track else {
                Issue.record("seed \(seed): \(again) is not \(track)")
                return
            }
        }
    }

    @Test func `whatever was told is in one entry, and entries stand in the order they happened`() {
        for seed in UInt64(1)...(ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 3_000 : 300) {
            var chance = RandomTrack(seed: seed)
            let nodes = chance.nodes()
            let track = ParcelTrack(nodes)
            let times = track.entries.map(\.event.at)
            let isInOrder = zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
            let told = Set(nodes).count
            // Each node is told by a source, and an entry names each of its sources once.
            let isThere = nodes.allSatisfy { node in
                track.entries.contains { entry in
                    entry.sources.contains(node.source) && abs((entry.event.at - node.event.at).milliseconds) < 120_000
                }
            }
            guard isInOrder, isThere, track.entries.count <= told, track.entries.isEmpty == nodes.isEmpty else {
                Issue.record("seed \(seed): \(track.entries.count) entries of \(told) events, in order \(isInOrder), all there \(isThere)")
                return
            }
        }
    }

    @Test func `an event older than the newest never sets the phase back before its time`() {
        for seed in UInt64(1)...(ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 3_000 : 300) {
            var chance = RandomTrack(seed: seed)
            let nodes = chance.nodes()
            let track = ParcelTrack(nodes)
            // Before it moved, an earlier movement is news.
            guard let phase = track.phase, ![.announced, .pickedUp, .expired].contains(phase), let last = track.lastAt else { continue }
            let late = TrackNode(
                TrackingEvent(at: Timestamp(milliseconds: RandomTrack.start.milliseconds - 86_400_000), phase: .inTransit, text: "late scan"), from: "kd")
            let isSame = ParcelTrack(nodes + [late]).phase == phase
            let expired = TrackNode(TrackingEvent(at: last + .seconds(86_400), phase: .expired, text: "given up"), from: "kd")
            let isUntouched = ParcelTrack(nodes + [expired]).phase == phase
            guard isSame, isUntouched else {
                Issue.record("seed \(seed): \(phase) became another")
                return
            }
        }
    }

    @Test func `whatever follows, a parcel that came back stays back, and one that was delivered was delivered`() {
        for next in ParcelPhase.allCases {
            #expect(ParcelPhase.returned.after(next) == .returned)
            #expect([.delivered, .returning, .returned].contains(ParcelPhase.delivered.after(next)))
            #expect([.returning, .returned].contains(ParcelPhase.returning.after(next)))
        }
    }

    @Test func `the same again changes nothing, a lapse changes nothing, and nothing leads back to the house`() {
        for phase in ParcelPhase.allCases {
            #expect(phase.after(phase) == phase)
            #expect(phase.after(.expired) == phase)
            for next in ParcelPhase.allCases {
                let then = phase.after(next)
                // Taken in twice it is taken in once.
                #expect(then.after(next) == then)
                if phase != .announced, phase != .expired { #expect(then != .announced) }
            }
        }
    }

    @Test func `from every phase a parcel can still come, or come back`() {
        for phase in ParcelPhase.allCases {
            var reached: Set<ParcelPhase> = [phase]
            while true {
                let more = reached.union(reached.flatMap { from in ParcelPhase.allCases.map { from.after($0) } })
                if more == reached { break }
                reached = more
            }
            #expect(reached.contains(.delivered) || reached.contains(.returned))
        }
    }
}
