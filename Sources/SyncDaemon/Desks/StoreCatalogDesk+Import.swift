import Commerce
import Mall
import Store

extension StoreCatalogDesk {
    func importCatalog(
        _ order: ImportOrder, from file: UploadedFile, by principal: Principal,
        report: @escaping @Sendable (ImportLine) async throws -> Void
    ) async throws {
        let options = try options(order)
        var reader = try reader(order, options, by: principal)
        let resume = try await checkpoint(order)
        try await note(order, by: principal, "import.begin", resume == nil ? "" : ", going on")
        let notes = ImportNotes()
        var importer = Importer(
            into: StoreCatalog(store, author: "import:\(principal.name)"), options: options,
            surroundings: store.surroundings, dryRun: order.dryRun, resume: resume)
        var source = UploadSource(file, notes) {
            for line in notes.drain() { try await report(line) }
            try await keep(notes.checkpoint, order)
        }
        let done: ImportReport
        do throws(InterchangeError) {
            done = try await importer.run(&source, &reader) { notes.take($0) }
        } catch {
            try await keep(notes.checkpoint, order)
            throw notes.failure ?? DeskError(error)
        }
        for line in notes.drain() { try await report(line) }
        try await finish(order, done, by: principal)
        try await report(
            .summary(
                rows: done.records, created: done.created, changed: done.changed, unchanged: done.unchanged,
                faulty: done.faults))
    }

    private func options(_ order: ImportOrder) throws(DeskError) -> InterchangeOptions {
        let name = order.mapping.flatMap { $0.split(separator: "/").last }.map { $0.split(separator: ".")[0] }
        return try options(order.words, source: name.map(String.init) ?? order.format.rawValue)
    }

    func options(_ words: FileWords, source: String) throws(DeskError) -> InterchangeOptions {
        let (locale, currency) = (words.locale ?? usual.locale, words.currency ?? usual.currency)
        let source = words.source ?? source
        if let fault = InterchangeOptions.fault(locale: locale, currency: currency, source: source) {
            throw .invalid(field: fault.option, reason: fault.reason)
        }
        do throws(InterchangeError) {
            var options = try InterchangeOptions(locale: locale, currency: currency, source: source)
            options.cellBytesMax = cellBytesMax
            return options
        } catch { throw DeskError(error) }
    }

    private func reader(
        _ order: ImportOrder, _ options: InterchangeOptions, by principal: Principal
    ) throws(DeskError) -> any CatalogReader {
        var mapping: CatalogMapping?
        if let name = order.mapping {
            mapping = try MappingShelf(directory: mappingsDirectory).mapping(name, mayPath: principal.isOnHost)
        }
        do throws(InterchangeError) { return try order.format.interchange.reader(options, mapping: mapping) } catch {
            throw DeskError(error)
        }
    }
}

/// Where a stopped import is remembered, and who imported what.
extension StoreCatalogDesk {
    private static let scope = "import"

    private func checkpoint(_ order: ImportOrder) async throws(DeskError) -> ImportCheckpoint? {
        guard let name = order.resume, !order.dryRun else { return nil }
        let kept = try await store.consult { reading throws(StoreError) in
            try reading.answer(scope: StoreCatalogDesk.scope, key: name, request: [])
        }
        guard let kept else { return nil }
        do throws(JSONError) { return ImportCheckpoint(try JSON.parse(kept.body)) } catch {
            throw .failed("the checkpoint of import \(name): \(error)")
        }
    }

    private func keep(_ checkpoint: ImportCheckpoint?, _ order: ImportOrder) async throws(DeskError) {
        guard let name = order.resume, !order.dryRun, let checkpoint else { return }
        try await store.change { writing throws(StoreError) in
            try writing.rememberNow(scope: StoreCatalogDesk.scope, key: name, checkpoint.json.bytes)
            return .success(())
        }
    }

    private func note(
        _ order: ImportOrder, by principal: Principal, _ action: String, _ detail: String
    ) async throws(DeskError) {
        if order.dryRun { return }
        try await store.change { writing throws(StoreError) in
            try writing.audit(
                principal: principal.name, action: action, subject: "catalog",
                detail: "\(order.format.rawValue)\(detail)")
            return .success(())
        }
    }

    private func finish(
        _ order: ImportOrder, _ report: ImportReport, by principal: Principal
    ) async throws(DeskError) {
        if order.dryRun { return }
        let detail =
            "\(order.format.rawValue): \(report.records) rows, \(report.created) created, \(report.changed) changed, \(report.faults) faults"
        try await store.change { writing throws(StoreError) in
            if let name = order.resume { try writing.forget(scope: StoreCatalogDesk.scope, key: name) }
            try writing.audit(principal: principal.name, action: "import.end", subject: "catalog", detail: detail)
            return .success(())
        }
    }
}

extension CatalogFormat {
    var interchange: Mall.CatalogFormat {
        switch self {
        case .shopify: .shopify
        case .woocommerce: .woocommerce
        case .jsonl: .jsonl
        case .csv: .csv
        }
    }
}

extension Principal {
    /// Whether it came over this host's socket.
    var isOnHost: Bool {
        switch identity {
        case .host, .socket: true
        case .token, .channel, .shopper, .reader: false
        }
    }
}
