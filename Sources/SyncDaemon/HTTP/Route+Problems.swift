extension Route {
    /// Every status of the route: its own, and those its door and limits may answer.
    var everyAnswer: [RouteAnswer] {
        var answers = self.answers
        func add(_ status: Int, _ meaning: String) {
            if !answers.contains(where: { $0.status == status }) { answers.append(.problem(status, meaning)) }
        }
        switch access {
        case .nobody: break
        case .page: add(401, "The page needs a token here.")
        case .channel: add(401, "Unknown channel, or a signature that is wrong, expired or missing; the same answer for all.")
        case .shop:
            add(401, "Unknown channel, or a signature that is wrong, expired, missing or not over the whole request.")
            add(422, "A header or parameter is wrong; `field` says which.")
        case .gateway: add(400, "Not the form of a callback; in the platform's own words for failure.")
        case .operators(let scope):
            add(401, "No token, or one that is unknown or expired.")
            add(403, "The token's scope is below `\(scope.rawValue)`.")
        }
        switch body {
        case .none: break
        case .json:
            add(400, "Not a JSON value, or a query that cannot be read.")
            add(408, "The body did not arrive in time.")
            add(413, "The body is larger than the route takes.")
            add(415, "The content is not of a type the route takes.")
            add(422, "A member is wrong; `field` says which.")
            if case .operators = access { add(404, "Something the body names is not there.") }
        case .bytes:
            add(408, "The body did not arrive in time.")
            add(413, "The body is larger than the route takes.")
        case .stream:
            add(413, "The body is larger than the route takes.")
            add(422, "A parameter is wrong; `field` says which.")
        }
        if !parameters.isEmpty || path.contains("{"), access != .gateway { add(422, "A parameter is wrong; `field` says which.") }
        if path.contains("{"), access != .channel { add(404, "Nothing of this name.") }
        add(400, "Not a request HTTP knows, such as a header with control characters.")
        add(429, "Too many requests; `Retry-After` says when to come back.")
        add(500, "The daemon failed; its log has the reason under `request_id`.")
        add(503, "Not now; `Retry-After` says when to come back.")
        return answers.sorted { $0.status < $1.status }
    }
}
