import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

extension AdminAPI {
    var transferRoutes: [Route] {
        let formats = CatalogFormat.allCases.map(\.rawValue)
        return [
            Route(
                .post, "\(AdminAPI.root)/import", .operators(.operate), .stream, "Import a catalog file",
                parameters: [
                    .query("format", .word(formats), required: true, "What the file is."),
                    .query("dry_run", .boolean, "Report only."),
                    .query("mapping", "A mapping of the configuration, for jsonl and csv."),
                    .query("resume", "The name of an import to go on with."),
                    .query("source", "The name the file's own keys are kept under."),
                ] + AdminAPI.fileWords,
                body: .stream(bytesMax: limits.importBytesMax),
                answers: [.content("application/jsonl", "Lines of progress while the file is read; the last is the summary.")]
            ) { exchange in try importing(exchange) },
            Route(
                .get, "\(AdminAPI.root)/export", .operators(.read), .stream, "Export the catalog",
                parameters: [
                    .query("format", .word(formats), required: true, "What the file shall be."),
                    .query("channel", "As this channel holds it, under its projection."),
                ] + AdminAPI.fileWords,
                answers: [.content("application/octet-stream", "The file, in the format's own content type.")]
            ) { exchange in try await exporting(exchange) },
            Route(
                .post, "\(AdminAPI.root)/backup", .operators(.admin), .operators, "Copy the store to a file on the host",
                body: jsonBody("BackupOrder"),
                answers: [.json("BackupAnswer", "Written and verified."), .problem(409, "The file exists.")]
            ) { exchange in
                let path = try exchange.object(["path"]).requiredText("path", bytesMax: 4_096)
                guard path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
                    throw Problem.invalid("path", "must be an absolute path without ..")
                }
                let bytes = try await desk.backup(to: path, by: exchange.principal)
                return .json(["path": .string(path), "bytes": .integer(bytes)])
            },
        ]
    }

    private static let fileWords: [RouteParameter] = [
        .query("locale", "The language of a CSV's texts; else `catalog.locale` of the configuration."),
        .query("currency", "The currency of a CSV's prices; else `catalog.currency` of the configuration."),
    ]

    private static func words(_ exchange: Exchange) -> FileWords {
        FileWords(
            locale: exchange.query("locale"), currency: exchange.query("currency"), source: exchange.query("source"))
    }

    private func format(_ exchange: Exchange) throws(Problem) -> CatalogFormat {
        guard let format = try exchange.word("format", CatalogFormat.self) else {
            throw .invalid("format", "is required: \(CatalogFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return format
    }

    private func importing(_ exchange: Exchange) throws -> Response {
        let order = ImportOrder(
            format: try format(exchange), dryRun: try exchange.flag("dry_run"), mapping: exchange.query("mapping"),
            resume: exchange.query("resume"), words: AdminAPI.words(exchange))
        let file = UploadedFile(
            exchange.request.body, bytesMax: limits.importBytesMax, time: surroundings.time, patience: limits.bodyTime)
        let connection = exchange.visit.channel
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                let output = AnswerWriter(writer)
                do {
                    try await catalog.importCatalog(order, from: file, by: exchange.principal) { line in
                        try await output.write(line.json.bytes + [UInt8(ascii: "\n")])
                    }
                } catch {
                    // The status is long sent: the last line says what went wrong instead.
                    let problem = Problem.from(error)
                    let body = problem.json(requestID: exchange.visit.requestID, trace: exchange.visit.trace)
                    let line: JSON = ["type": "error", "problem": body]
                    try await output.write(line.bytes + [UInt8(ascii: "\n")])
                    if problem.closesConnection {
                        try await writer.finish(nil)
                        return connection.close(mode: .all, promise: nil)
                    }
                }
                try await writer.finish(nil)
            })
    }

    private func exporting(_ exchange: Exchange) async throws -> Response {
        let order = ExportOrder(
            format: try format(exchange), channel: try AdminAPI.channel(exchange), words: AdminAPI.words(exchange))
        try await catalog.check(order)
        let connection = exchange.visit.channel
        return Response(
            status: .ok,
            headers: [
                .contentType: order.format.contentType, .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"catalog-\(order.format.rawValue).\(order.format == .jsonl ? "jsonl" : "csv")\"",
            ],
            body: ResponseBody { writer in
                let output = AnswerWriter(writer)
                do {
                    try await catalog.exportCatalog(order) { bytes in try await output.write(bytes) }
                } catch {
                    // Half a file must not look like a whole one: breaking off is the only signal left.
                    exchange.visit.logger.error("export failed", metadata: ["error": "\(Problem.from(error).code)"])
                    connection.close(mode: .all, promise: nil)
                    throw error
                }
                try await writer.finish(nil)
            })
    }
}
