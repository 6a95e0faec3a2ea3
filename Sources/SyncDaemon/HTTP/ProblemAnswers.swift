import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// Turns every error into a problem document, the framework's own included.
struct ProblemAnswers: RouterMiddleware {
    typealias Context = Visit
    let table: RouteTable

    func handle(_ request: Request, context: Visit, next: @concurrent (Request, Visit) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem.from(error)
            if problem.status.code >= 500, problem.code == "internal" {
                context.logger.error("request failed", metadata: ["error": "\(error)", "request_id": "\(context.requestID)"])
            }
            guard problem.code == "no_route" else { return problem.response(for: context) }
            let methods = table.methods(at: request.uri.path)
            guard !methods.isEmpty else { return problem.response(for: context) }
            var wrong = Problem(
                .methodNotAllowed, "method_not_allowed", "This address answers \(methods.joined(separator: ", ")).")
            wrong.headers[.allow] = methods.joined(separator: ", ")
            return wrong.response(for: context)
        }
    }
}
