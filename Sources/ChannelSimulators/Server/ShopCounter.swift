import Commerce

/// Serves one request at a time with the shop's bad habits, whatever it came in by.
struct ShopCounter: Sendable {
    let shop: ShopSimulator
    let door: ShopDoor
    let time: any TimeSource

    enum Outcome: Sendable {
        case answered(ShopAnswer)
        /// The shop is dark: nothing was looked at.
        case refused
        /// All was done, and the connection ends without an answer.
        case dropped
    }

    /// - Parameter patience: How long the caller waits; nil for as long as it takes. Whether
    ///   it gave up makes no difference to what is done.
    /// - Returns: What came of it, and whether it came too late for the caller.
    func serve(_ request: ShopRequest, patience: Duration? = nil) async throws -> (outcome: Outcome, isLate: Bool) {
        if request.path.first == "_sim" { return (.answered(await ControlRoutes(shop: shop).answer(request)), false) }
        let (wait, arrival) = await shop.rollArrival()
        let isLate = patience.map { $0 < wait } ?? false
        let waiting = isLate ? patience ?? wait : wait
        if waiting > .zero { try await time.sleep(for: waiting) }
        let refusal: ShopProblem
        switch arrival {
        case .welcome: return (await welcome(request), isLate)
        case .closed: return (.refused, isLate)
        case .unavailable: refusal = ShopProblem(503, "dark", "the shop is closed", retryAfter: 1)
        case .throttled: refusal = ShopProblem(429, "too_fast", "not so fast", retryAfter: 1)
        case .failed: refusal = ShopProblem(503, "busy", "busy; nothing was done")
        }
        return (.answered(ShopAnswer(refusal)), isLate)
    }

    private func welcome(_ request: ShopRequest) async -> Outcome {
        if let objection = door.objection(to: request, now: time.now().milliseconds / 1_000) {
            return .answered(ShopAnswer(ShopProblem(401, "unauthorized", objection)))
        }
        let answer: ShopAnswer
        do throws(ShopProblem) {
            answer = try await routed(request)
        } catch {
            answer = ShopAnswer(error)
        }
        switch await shop.rollDeparture() {
        case .answered: return .answered(answer)
        case .failed: return .answered(ShopAnswer(ShopProblem(500, "failed", "something broke")))
        case .dropped: return .dropped
        }
    }

    private func routed(_ request: ShopRequest) async throws(ShopProblem) -> ShopAnswer {
        switch shop.face {
        case .deltaWithClocks, .deltaWithoutClocks: try await DeltaRoutes(shop: shop).answer(request)
        case .plain: try await PlainRoutes(shop: shop).answer(request)
        }
    }
}
