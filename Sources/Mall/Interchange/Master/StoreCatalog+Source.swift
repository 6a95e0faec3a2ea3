package import Commerce
import Store

extension StoreCatalog: CatalogSource {
    package func page(
        _ kind: EntityKind, after position: Int64, limit: Int
    ) async throws(InterchangeError) -> (entities: [CatalogEntity], next: Int64?) {
        try await read { reading throws(StoreError) in
            let found = try reading.entities(after: position, kind: kind, limit: limit)
            var entities: [CatalogEntity] = []
            for (_, ref) in found { entities.append(try StoreCatalog.entity(ref, reading)) }
            return (entities, found.count < limit ? nil : found.last?.number)
        }
    }

    /// Reads all SKUs once for which product is whose, sixteen bytes each: nothing in the
    /// store leads from a product to its SKUs. An instance serves one export.
    package func skus(of products: [EntityID]) async throws(InterchangeError) -> [[CatalogEntity]] {
        let variants: [Variant]
        if let known = self.variants {
            variants = known
        } else {
            variants = try await read { reading throws(StoreError) in try StoreCatalog.variants(reading) }
            self.variants = variants
        }
        return try await read { reading throws(StoreError) in
            var result: [[CatalogEntity]] = []
            for product in products {
                var skus: [CatalogEntity] = []
                if let number = try reading.entityNumber(EntityRef(.product, product)) {
                    let start = StoreCatalog.firstIndex(of: number, variants)
                    for variant in variants[start...].prefix(while: { $0.product == number }) {
                        let found = try reading.entities(after: variant.sku - 1, kind: .sku, limit: 1)
                        if let ref = found.first?.entity { skus.append(try StoreCatalog.entity(ref, reading)) }
                    }
                }
                result.append(skus)
            }
            return result
        }
    }

    private static func variants(_ reading: Reading) throws(StoreError) -> [Variant] {
        var variants: [Variant] = []
        var position: Int64 = 0
        while true {
            let page = try reading.entities(after: position, kind: .sku, limit: 1_000)
            for (number, ref) in page {
                let identity = try reading.live(UnitRef(ref, Units.identity))
                guard let product = identity?["product"]?.string.flatMap({ EntityID($0) }),
                    let owner = try reading.entityNumber(EntityRef(.product, product))
                else { continue }
                variants.append(Variant(product: owner, sku: number))
            }
            guard page.count == 1_000, let last = page.last else { break }
            position = last.number
        }
        return variants.sorted { ($0.product, $0.sku) < ($1.product, $1.sku) }
    }

    private static func firstIndex(of product: Int64, _ variants: [Variant]) -> Int {
        var low = 0
        var high = variants.count
        while low < high {
            let middle = (low + high) / 2
            if variants[middle].product < product { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func entity(_ ref: EntityRef, _ reading: Reading) throws(StoreError) -> CatalogEntity {
        let aliases = try reading.aliases(ref).map { Alias(ref.kind, $0.namespace, $0.key) }
        return CatalogEntity(ref: ref, aliases: aliases, units: try units(of: ref, reading))
    }
}
