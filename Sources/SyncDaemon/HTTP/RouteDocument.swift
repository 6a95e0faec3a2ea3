import HTTPTypes

/// The page of the documents that lists every route with who may use it.
enum RouteDocument {
    static func text(publicRoutes: [Route], adminRoutes: [Route]) -> String {
        """
        # Routes

        Made from the route tables of the program; a test holds it to them. The same in
        machine-readable form is at `/openapi.json` on either listener. Errors are problem
        documents (RFC 9457) with a stable `code`, and `field` and `next` where they help.

        ## Public listener

        \(table(publicRoutes))

        ## Admin listener and UNIX socket

        Over the UNIX socket every operator of the host has the scope `admin`. Over TCP a token
        opens what its scope includes: `read` ⊂ `operate` ⊂ `admin`.

        \(table(adminRoutes))

        """
    }

    private static func table(_ routes: [Route]) -> String {
        let rows = routes.filter { !$0.path.hasPrefix("/assets/") }
            .sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }
            .map { route in
                let statuses = route.everyAnswer.map { String($0.status) }.joined(separator: " ")
                return "| `\(route.method.rawValue) \(route.path)` | \(word(route.access)) | \(route.summary) | \(statuses) |"
            }
        return (["| route | who | what | answers |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func word(_ access: Route.Access) -> String {
        switch access {
        case .nobody: "anybody"
        case .page: "readers"
        case .channel: "the channel"
        case .shop: "the channel, for a shopper"
        case .gateway: "the platform"
        case .operators(let scope): "`\(scope.rawValue)`"
        }
    }
}
