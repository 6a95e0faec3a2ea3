import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Simulation
import TestKit

/// One gateway beside the simulator of its platform; pushes go through the receiver, and what it keeps is kept here.
final class TrackerWorld: HTTPTransport, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var keptBodies: [String: [UInt8]] = [:]
    private var faults: [CallbackFault] = []
    private var otherBodies = 0
    private var refusesFirst = 0

    let time = ManualTime()
    let simulator: TrackingSimulator
    let gateway: Gateway

    static let callbackURL = "http://heyi.test/gateways/tracker"
    static let endpoint = "http://platform.test"

    enum Platform: CaseIterable, Sendable { case kuaidi100, kdniao, sfJSON, sfForm, seventeenTrack }

    init(_ platform: Platform, seed: UInt64 = 1, isReached: Bool = true, settings: [String: String] = [:]) throws {
        let random = SeededRandom(seed: seed)
        let surroundings = Surroundings(time: time, random: SeededRandom(seed: seed &+ 77), ids: CountingIDs())
        guard let id = ChannelID("tracker") else { throw ValidationFailure(field: "id", reason: "is none") }
        let url = isReached ? TrackerWorld.callbackURL : nil
        let (end, push) = (TrackerWorld.endpoint, TrackerWorld.callbackURL)
        let account: GatewayAccount
        switch platform {
        case .kuaidi100:
            simulator = Kuaidi100Simulator.make(time: time, random: random)
            account = Kuaidi100Simulator.account(id, endpoint: end, callbackURL: url, settings: settings)
        case .kdniao:
            simulator = KdniaoSimulator.make(callbackURL: push, time: time, random: random)
            account = KdniaoSimulator.account(id, endpoint: end, callbackURL: url, settings: settings)
        case .sfJSON, .sfForm:
            simulator = SFSimulator.make(callbackURL: push, isForm: platform == .sfForm, time: time, random: random)
            account = SFSimulator.account(
                id, endpoint: end + "/std/service", callbackURL: url, isForm: platform == .sfForm, settings: settings)
        case .seventeenTrack:
            simulator = SeventeenTrackSimulator.make(callbackURL: push, time: time, random: random)
            account = SeventeenTrackSimulator.account(id, endpoint: end, callbackURL: url, settings: settings)
        }
        let network = GatewayNetwork(["platform.test": simulator])
        gateway = try Gateway(account, transport: network, surroundings: surroundings)
    }

    var kept: [[UInt8]] { lock.withLock { Array(keptBodies.values) } }
    var refusals: [CallbackFault] { lock.withLock { faults } }
    var quarantined: Int { lock.withLock { otherBodies } }

    /// The next pushes are told that nothing can be kept now.
    func refuseNext(_ count: Int) { lock.withLock { refusesFirst = count } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard let receiver = gateway.callbacks, request.url.hasPrefix(TrackerWorld.callbackURL) else {
            throw .unreachable(reason: "nobody is there")
        }
        let callback = GatewayCallback(
            tail: String(request.url.dropFirst(TrackerWorld.callbackURL.count).drop { $0 == "/" }),
            headers: request.headers.map { ($0.name.lowercased(), $0.value) }, body: request.body ?? [])
        let answer = receiver.answer(verdict(on: callback, receiver), at: time.now())
        return HTTPResponse(status: answer.status, headers: [], body: answer.body)
    }

    private func verdict(on callback: GatewayCallback, _ receiver: any CallbackReceiver) -> CallbackVerdict {
        do throws(CallbackFault) {
            guard case .keep(let key) = try receiver.verify(callback, at: time.now()) else { return .kept }
            return lock.withLock {
                if refusesFirst > 0 { refusesFirst -= 1; return .unavailable }
                if let body = keptBodies[key], body != callback.body { otherBodies += 1; return .quarantined }
                keptBodies[key] = callback.body
                return .kept
            }
        } catch {
            lock.withLock { faults.append(error) }
            return .refused(error)
        }
    }

    /// Lets time pass and pushes arrive until there are none, or it has been `duration`.
    func run(for duration: Duration = .seconds(86_400)) async {
        let end = time.now() + duration
        while let next = simulator.nextCallback, next <= end {
            if next > time.now() { time.advance(by: next - time.now()) }
            await CallbackPump(simulator, over: self).deliver(at: time.now())
        }
    }

    @discardableResult
    func control(_ word: String, _ body: JSON) throws -> JSON { try simulator.control(word, body) }

    /// What all that was kept says, of all parcels.
    func reports() throws -> [TrackingReport] {
        var reports: [TrackingReport] = []
        for body in kept {
            for news in try gateway.callbacks?.read(body) ?? [] {
                if case .parcel(let report) = news { reports.append(report) }
            }
        }
        return reports
    }

    func events(of number: String) throws -> Set<TrackingEvent> {
        Set(try reports().filter { $0.number == number }.flatMap(\.events))
    }
}

extension TrackerWorld.Platform {
    /// A carrier this platform follows, in our words and in its own, and a number of it.
    var parcel: (carrier: String, own: String, number: String) {
        switch self {
        case .kuaidi100: ("zto", "zhongtong", "78123456789012")
        case .kdniao: ("zto", "ZTO", "78123456789012")
        case .sfJSON, .sfForm: ("sf", "sf", "SF1234567890123")
        case .seventeenTrack: ("zto", "190455", "78123456789012")
        }
    }
}

extension TrackerWorld {
    /// An account at the same platform whose key is not the one it was given.
    static func withOtherKey(_ platform: Platform, beside simulator: TrackingSimulator) throws -> Gateway {
        guard let id = ChannelID("other") else { throw ValidationFailure(field: "id", reason: "is none") }
        let network = GatewayNetwork(["platform.test": simulator])
        let key = [Secret("another-key")]
        let right: GatewayAccount
        switch platform {
        case .kuaidi100: right = Kuaidi100Simulator.account(id, endpoint: endpoint, callbackURL: nil)
        case .kdniao: right = KdniaoSimulator.account(id, endpoint: endpoint, callbackURL: nil)
        case .sfJSON, .sfForm: right = SFSimulator.account(id, endpoint: endpoint + "/std/service", callbackURL: nil)
        case .seventeenTrack: right = SeventeenTrackSimulator.account(id, endpoint: endpoint, callbackURL: nil)
        }
        let names = ["key", "app_keys", "checkword", "keys"]
        let secrets = right.secrets.merging(names.filter { right.secrets[$0] != nil }.map { ($0, key) }) { $1 }
        let account = GatewayAccount(id: id, kind: right.kind, settings: right.settings, secrets: secrets)
        return try Gateway(account, transport: network, surroundings: .still())
    }
}
