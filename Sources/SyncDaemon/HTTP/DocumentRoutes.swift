import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Adds the address under which a table describes itself.
enum DocumentRoutes {
    static func describing(_ routes: [Route], version: String) -> [Route] {
        let path = "/openapi.json"
        func document(_ routes: [Route]) -> OpenAPI { OpenAPI(title: "Heyi", version: version, routes: routes) }
        func route(_ body: @escaping @Sendable () -> JSON) -> Route {
            Route(
                .get, path, .nobody, .operators, "This description",
                answers: [.json("Document", "OpenAPI 3.1.")]
            ) { _ in .json(body()) }
        }
        // The description lists itself, so it is made once with a stand-in for its own handler.
        let json = document(routes + [route { .null }]).json
        return routes + [route { json }]
    }
}
