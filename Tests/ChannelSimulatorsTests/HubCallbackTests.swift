import ChannelAdapters
import ChannelSimulators
import Commerce
import Synchronization
import TestKit
import Testing

/// A hub that answers what it is told to and keeps what it was sent.
private final class DeafHub: HTTPTransport {
    let received = Mutex<[HTTPRequest]>([])
    let status = Mutex(204)

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        received.withLock { $0.append(request) }
        return HTTPResponse(status: status.withLock { $0 }, headers: [], body: [])
    }
}

@Suite struct HubCallbackTests {
    @Test func `own edits are posted once accepted, under one id however often, and never the hub's`() async throws {
        let fixture = try ShopFixture(.deltaWithoutClocks)
        let hub = DeafHub()
        let callbacks = try HubCallbacks(
            shop: fixture.shop, secrets: [OpenShop.secret], transport: hub, time: fixture.time)
        #expect(try await callbacks.notifyHub(url: "http://127.0.0.1/v1/callbacks/web", times: 1) == [])
        await fixture.shop.edit(fixture.tea, try fixture.unit("tags"), ["tea"])
        _ = try await fixture.shop.receive(fixture.batch(fixture.delta(operation: "op1")))
        hub.status.withLock { $0 = 503 }
        #expect(try await callbacks.notifyHub(url: "http://127.0.0.1/v1/callbacks/web", times: 1) == [503])
        hub.status.withLock { $0 = 204 }
        #expect(try await callbacks.notifyHub(url: "http://127.0.0.1/v1/callbacks/web", times: 2) == [204, 204])
        #expect(try await callbacks.notifyHub(url: "http://127.0.0.1/v1/callbacks/web", times: 1) == [])
        let sent = hub.received.withLock { $0 }
        #expect(Set(sent.map { $0.headers.first { $0.name == "webhook-id" }?.value }).count == 1)
        for request in sent {
            guard case .deltas(let observations, let faults) = try CallbackMessage.parse(request.body ?? []) else {
                Issue.record("no deltas")
                return
            }
            #expect(observations.map(\.content) == [.value(["tea"])])
            #expect(faults.isEmpty)
        }
    }

    @Test func `a plain shop hints at what changed`() async throws {
        let fixture = try ShopFixture(.plain)
        let hub = DeafHub()
        let callbacks = try HubCallbacks(
            shop: fixture.shop, secrets: [OpenShop.secret], transport: hub, time: fixture.time)
        await fixture.shop.edit(fixture.tea, try fixture.unit("tags"), ["tea"])
        await fixture.shop.edit(fixture.tea, try fixture.unit("tags"), ["green tea"])
        _ = try await callbacks.notifyHub(url: "http://127.0.0.1/v1/callbacks/web", times: 1)
        let body = hub.received.withLock { $0.first?.body } ?? []
        guard case .changed(let entities) = try CallbackMessage.parse(body) else { Issue.record("no hint"); return }
        #expect(entities == [fixture.tea])
    }
}
