@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Synchronization
import Testing
import TestKit

/// A merchant's door as the daemon's is: it keeps each event once, and answers in the receiver's words.
private final class Door: HTTPTransport {
    private let receiver: any CallbackReceiver
    private let time: ManualTime
    private let kept = Mutex<(events: [String: [UInt8]], faults: [CallbackFault], isShut: Bool)>(([:], [], false))

    init(_ receiver: any CallbackReceiver, _ time: ManualTime) {
        self.receiver = receiver
        self.time = time
    }

    var events: [String: [UInt8]] { kept.withLock { $0.events } }
    var faults: [CallbackFault] { kept.withLock { $0.faults } }
    func shut(_ isShut: Bool) { kept.withLock { $0.isShut = isShut } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let callback = GatewayCallback(headers: request.headers.map { ($0.name.lowercased(), $0.value) }, body: request.body ?? [])
        let verdict = kept.withLock { kept -> CallbackVerdict in
            if kept.isShut { return .unavailable }
            do throws(CallbackFault) {
                guard case .keep(let key) = try receiver.verify(callback, at: time.now()) else { return .kept }
                if let before = kept.events[key], before != callback.body { return .quarantined }
                kept.events[key] = callback.body
                return .kept
            } catch {
                kept.faults.append(error)
                return .refused(error)
            }
        }
        let answer = receiver.answer(verdict, at: time.now())
        return HTTPResponse(status: answer.status, headers: [], body: answer.body)
    }
}

@Suite struct StripeDeliveryTests {
    private func run(_ dials: JSON, _ body: (StripeScene, Door, CallbackPump) async throws -> Void) async throws {
        let scene = try StripeScene()
        try scene.control("dials", dials)
        let door = Door(try #require(scene.gateway.callbacks), scene.time)
        try await body(scene, door, CallbackPump(scene.simulator, over: door))
    }

    private func payments(_ door: Door, _ scene: StripeScene) throws -> Set<Int64> {
        let receiver = try #require(scene.gateway.callbacks)
        return Set(
            try door.events.values.flatMap { try receiver.read($0) }.compactMap { news in
                if case .attempt(_, .paid(let payment, _)) = news { payment.amount.amount } else { nil }
            })
    }

    @Test func `an event is told again until it is taken, each time signed anew`() async throws {
        try await run([:]) { scene, door, pump in
            door.shut(true)
            _ = await scene.payments.open(try scene.attempt(), of: StripeScene.order)
            for wait in [0, 60, 300, 1_800] {
                scene.time.advance(by: .seconds(wait))
                #expect(await pump.deliver(at: scene.time.now()) == 1)
                #expect(await pump.deliver(at: scene.time.now()) == 0)
            }
            door.shut(false)
            scene.time.advance(by: .seconds(7_200))
            await pump.deliver(at: scene.time.now())
            #expect(door.events.count == 1 && door.faults.isEmpty && scene.simulator.nextCallback == nil)
        }
    }

    @Test func `after three days nobody tells it any more`() async throws {
        try await run([:]) { scene, door, pump in
            door.shut(true)
            _ = await scene.payments.open(try scene.attempt(), of: StripeScene.order)
            let start = scene.time.now()
            var tries = 0
            while let due = scene.simulator.nextCallback {
                scene.time.advance(by: due - scene.time.now())
                tries += await pump.deliver(at: scene.time.now())
            }
            #expect(tries == 11 && scene.time.now() - start < .seconds(3 * 86_400))
        }
    }

    @Test func `copies, delays and strangers' events change nothing`() async throws {
        try await run(["callback_copies": 3, "callback_delay_max_ms": 600_000, "callback_foreign": 1_000, "callback_tampered": 500]) { scene, door, pump in
            for number in 1...5 { _ = try await scene.paid(try scene.attempt("a\(number)", Int64(number))) }
            for _ in 0..<20 {
                scene.time.advance(by: .seconds(60))
                await pump.deliver(at: scene.time.now())
            }
            #expect(try payments(door, scene) == [1, 2, 3, 4, 5])
            let made = try scene.ledger()["events"]?.integer
            #expect(made == Int64(door.events.count))
            #expect(door.faults.contains(.foreign(field: "account", value: "acct_another")))
            #expect(door.faults.contains(.forged(reason: "no signature matches the body")))
        }
    }

    @Test func `a lost event is made good by asking, and a lying one is seen against the query`() async throws {
        try await run(["callback_lost": 1_000]) { scene, door, pump in
            let attempt = try scene.attempt()
            _ = try await scene.paid(attempt)
            #expect(await pump.deliver(at: scene.time.now()) == 0)
            guard case .paid = await scene.payments.ask(attempt, of: StripeScene.order) else { Issue.record("lost"); return }
        }
        try await run(["callback_other_amount": 1_000]) { scene, door, pump in
            let payment = try await scene.paid(try scene.attempt())
            await pump.deliver(at: scene.time.now())
            #expect(try payments(door, scene) == [payment.amount.amount + 100])
        }
    }

    @Test func `when the secret was changed, both are signed with until the old one is retired`() async throws {
        try await run([:]) { scene, door, pump in
            try scene.control("rotate_secret")
            _ = await scene.payments.open(try scene.attempt("a1"), of: StripeScene.order)
            await pump.deliver(at: scene.time.now())
            #expect(door.events.count == 1)
            try scene.control("retire_secret")
            _ = await scene.payments.open(try scene.attempt("a2"), of: StripeScene.order)
            await pump.deliver(at: scene.time.now())
            #expect(door.events.count == 1 && door.faults == [.forged(reason: "no signature matches the body")])
        }
    }
}
