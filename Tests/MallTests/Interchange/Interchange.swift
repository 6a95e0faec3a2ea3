import Commerce
import Mall
import TestKit

/// Imports and exports as a test wants them: whole texts in, everything that happened out.
struct Interchange {
    let catalog: MemoryCatalog
    var options = try! InterchangeOptions(locale: "en", currency: "USD", source: "shopify")
    let surroundings = Surroundings.still()

    init(_ catalog: MemoryCatalog = MemoryCatalog(), source: String = "shopify", locale: String = "en", currency: String = "USD") {
        self.catalog = catalog
        options = try! InterchangeOptions(locale: locale, currency: currency, source: source)
    }

    struct Result {
        var report = ImportReport()
        var faults: [RowFault] = []
        var checkpoints: [ImportCheckpoint] = []
        var progress: [ImportProgress] = []
        var error: InterchangeError?
    }

    func bring(
        _ text: String, as format: CatalogFormat, mapping: CatalogMapping? = nil, dryRun: Bool = false,
        resume: ImportCheckpoint? = nil, piece: Int = 65_536
    ) async -> Result {
        await bring(Array(text.utf8), as: format, mapping: mapping, dryRun: dryRun, resume: resume, piece: piece)
    }

    func bring(
        _ bytes: [UInt8], as format: CatalogFormat, mapping: CatalogMapping? = nil, dryRun: Bool = false,
        resume: ImportCheckpoint? = nil, piece: Int = 65_536
    ) async -> Result {
        var result = Result()
        do throws(InterchangeError) {
            var reader = try format.reader(options, mapping: mapping)
            var source = MemoryBytes(bytes, piece: piece)
            var importer = Importer(
                into: catalog, options: options, surroundings: surroundings, dryRun: dryRun, resume: resume)
            result.report = try await importer.run(&source, &reader) { event in
                switch event {
                case .fault(let fault): result.faults.append(fault)
                case .progress(let progress): result.progress.append(progress)
                case .checkpoint(let checkpoint): result.checkpoints.append(checkpoint)
                }
            }
        } catch {
            result.error = error
        }
        return result
    }

    func export(_ format: CatalogFormat, from source: (any CatalogSource)? = nil) async throws -> String {
        var bytes: [UInt8] = []
        var exporter = Exporter(from: source ?? catalog, options: options)
        _ = try await exporter.run(format) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
