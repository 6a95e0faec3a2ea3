import Hummingbird
import HummingbirdCore

/// Takes requests to the shop over HTTP.
struct ShopResponder: HTTPResponder {
    typealias Context = ShopVisit

    let counter: ShopCounter

    func respond(to request: Request, context: ShopVisit) async throws -> Response {
        let read: ShopRequest
        do {
            read = try await ShopRequest(request)
        } catch let problem as ShopProblem {
            return ShopAnswer(problem).response
        }
        switch try await counter.serve(read).outcome {
        case .answered(let answer): return answer.response
        case .refused, .dropped:
            await context.hangUp()
            return ShopAnswer(503).response
        }
    }
}
