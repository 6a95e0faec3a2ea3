import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The routes of one listener, and what else lives at an address.
struct RouteTable: Sendable {
    let routes: [Route]

    init(_ routes: [Route]) {
        let names = Set(routes.map(\.name))
        precondition(names.count == routes.count, "two routes have the same method and path")
        self.routes = routes
    }

    /// The methods an address answers, for `405` and `Allow`; empty when nothing lives there.
    func methods(at path: String) -> [String] {
        let parts = RouteTable.parts(path)
        let here = routes.filter { RouteTable.matches(RouteTable.parts($0.path), parts) }
        return Set(here.map(\.method.rawValue)).sorted()
    }

    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }

    private static func matches(_ pattern: [Substring], _ parts: [Substring]) -> Bool {
        pattern.count == parts.count
            && zip(pattern, parts).allSatisfy { pattern, part in pattern.hasPrefix("{") || pattern == part }
    }

    /// A router that sends each route through the doorman.
    func router(_ doorman: Doorman) -> Router<Visit> {
        let router = Router(context: Visit.self)
        router.add(middleware: AccessLog(doorman: doorman))
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemAnswers(table: self))
        router.add(middleware: SourceLimit(doorman: doorman))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, visit in
                try await doorman.admit(request, visit, to: route)
            }
        }
        return router
    }
}
