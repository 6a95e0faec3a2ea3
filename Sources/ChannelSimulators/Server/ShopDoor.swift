/// Who is let in: the signed where deltas are spoken, the bearer of the secret elsewhere.
enum ShopDoor: Sendable {
    case signed(WebhookDoor)
    case bearer([String])

    init(face: ShopFace, secrets: [String]) throws(ShopSetupError) {
        guard !secrets.isEmpty, secrets.allSatisfy({ !$0.isEmpty }) else { throw .noSecret }
        switch face {
        case .plain: self = .bearer(secrets)
        case .deltaWithClocks, .deltaWithoutClocks:
            guard let door = WebhookDoor(secrets: secrets) else { throw .badSecret }
            self = .signed(door)
        }
    }

    /// Why the request is not let in; nil lets it in.
    func objection(to request: ShopRequest, now: Int64) -> String? {
        switch self {
        case .signed(let door):
            return door.objection(
                id: request.header("webhook-id"), timestamp: request.header("webhook-timestamp"),
                signature: request.header("webhook-signature"),
                payload: WebhookDoor.payload(method: request.method, target: request.target, body: request.body), now: now)
        case .bearer(let secrets):
            guard let given = request.header("authorization"), given.hasPrefix("Bearer ") else {
                return "a bearer token is missing"
            }
            return secrets.contains(String(given.dropFirst(7))) ? nil : "the bearer token does not fit"
        }
    }
}

/// Why a simulated shop cannot open.
package enum ShopSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    case noSecret
    case badSecret

    package var description: String {
        switch self {
        case .noSecret: "a simulated shop needs at least one secret"
        case .badSecret: "a secret must be whsec_ followed by base64"
        }
    }
}
