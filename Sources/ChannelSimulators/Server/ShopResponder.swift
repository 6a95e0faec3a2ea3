import ChannelAdapters
import Commerce
import Hummingbird
import HummingbirdCore

/// Takes requests to the shop, its bad habits included.
struct ShopResponder: HTTPResponder {
    typealias Context = ShopVisit

    let shop: ShopSimulator
    let door: ShopDoor
    let time: any TimeSource

    func respond(to request: Request, context: ShopVisit) async throws -> Response {
        let read: ShopRequest
        do {
            read = try await ShopRequest(request)
        } catch let problem as ShopProblem {
            return ShopAnswer(problem).response
        }
        if read.path.first == "_sim" { return await ControlRoutes(shop: shop).answer(read).response }
        let (wait, arrival) = await shop.rollArrival()
        if wait > .zero { try await time.sleep(for: wait) }
        switch arrival {
        case .welcome: break
        case .closed:
            await context.hangUp()
            return ShopAnswer(503).response
        case .unavailable: return ShopAnswer(ShopProblem(503, "dark", "the shop is closed", retryAfter: 1)).response
        case .throttled: return ShopAnswer(ShopProblem(429, "too_fast", "not so fast", retryAfter: 1)).response
        case .failed: return ShopAnswer(ShopProblem(503, "busy", "busy; nothing was done")).response
        }
        if let objection = door.objection(to: read, now: time.now().milliseconds / 1_000) {
            return ShopAnswer(ShopProblem(401, "unauthorized", objection)).response
        }
        let answer: ShopAnswer
        do throws(ShopProblem) {
            answer = try await routed(read)
        } catch {
            answer = ShopAnswer(error)
        }
        switch await shop.rollDeparture() {
        case .answered: return answer.response
        case .failed: return ShopAnswer(ShopProblem(500, "failed", "something broke")).response
        case .dropped:
            await context.hangUp()
            return answer.response
        }
    }

    private func routed(_ request: ShopRequest) async throws(ShopProblem) -> ShopAnswer {
        switch shop.face {
        case .deltaWithClocks, .deltaWithoutClocks: try await DeltaRoutes(shop: shop).answer(request)
        case .plain: try await PlainRoutes(shop: shop).answer(request)
        }
    }
}
