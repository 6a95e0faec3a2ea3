import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import TestKit
import Testing

/// Bodies that were altered at random: each is read or refused, and none brings anything down.
@Suite struct TrackerMutationTests {
    @Test(arguments: TrackerWorld.Platform.allCases, [UInt64(1), 2, 3])
    func `no altered body is more than refused`(platform: TrackerWorld.Platform, seed: UInt64) throws {
        let world = try TrackerWorld(platform)
        let receiver = try #require(world.gateway.callbacks)
        let now = world.time.now()
        let sample = try #require(try world.gateway.check?.sample("delivered", at: now))
        let random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            var body = sample.body
            for _ in 0...Int(random.next() % 4) { TrackerMutationTests.alter(&body, random) }
            do throws(ValidationFailure) {
                for case .parcel(let report) in try receiver.read(body) {
                    #expect(report.events.count <= 1_000 && report.number.utf8.count <= 64)
                }
            } catch {
                #expect(!error.reason.isEmpty)
            }
            let callback = GatewayCallback(tail: sample.tail, headers: sample.headers, body: body)
            var isTaken = false
            do throws(CallbackFault) {
                guard case .keep(let key) = try receiver.verify(callback, at: now) else { continue }
                #expect((1...200).contains(key.utf8.count) && key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
                // Without a signature an altered body may be taken; with one it must be the same text.
                isTaken = true
            } catch {
                #expect(error != .probe)
            }
            guard isTaken, platform != .sfJSON, platform != .sfForm else { continue }
            #expect(try receiver.read(body) == receiver.read(sample.body))
        }
    }

    private static func alter(_ body: inout [UInt8], _ random: SeededRandom) {
        guard !body.isEmpty else { return body = [UInt8(truncatingIfNeeded: random.next())] }
        let place = Int(random.next() % UInt64(body.count))
        switch random.next() % 6 {
        case 0: body[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: body.remove(at: place)
        case 2: body.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        case 3: body.removeLast(min(body.count, Int(random.next() % 40)))
        case 4: body.insert(contentsOf: body[place..<min(body.count, place + 30)], at: place)
        default:
            let words = ["%00", "%", "null", "{}", "[[", "\"", "9999999999999999999", "&sign="]
            body.insert(contentsOf: Array(words[Int(random.next() % 8)].utf8), at: place)
        }
    }
}
