extension UnitCatalog {
    static let sku: [UnitDefinition] = [
        life(.sku),
        UnitDefinition(
            kind: .sku, family: "identity", policy: .singleOwner,
            purpose: "The product it is a variant of, its code and its option values.",
            check: VariantValues.identity),
        UnitDefinition(
            kind: .sku, family: "price", qualifier: .currency, perChannel: true, policy: .hubAuthoritative,
            purpose: "What it costs in one currency, in minor units.", check: PriceValue.check),
        UnitDefinition(
            kind: .sku, family: "barcode", policy: .askPerson,
            purpose: "The code scanners read; a GTIN's check digit is verified.", check: Barcode.check),
        UnitDefinition(
            kind: .sku, family: "logistics", policy: .lastWriter,
            purpose: "Weight, measures and what customs ask.", check: VariantValues.logistics),
        media(.sku),
        UnitDefinition(
            kind: .sku, family: "shelf",
            policy: .mostRestrictive(field: "state", order: PlainValues.shelfStates),
            purpose: "Whether this variant is on sale, and when that begins and ends.", check: PlainValues.shelf),
        UnitDefinition(
            kind: .sku, family: "declared_stock", policy: .singleOwner,
            purpose: "The quantity an import declared; sellable stock is kept in a ledger, not here.",
            check: PlainValues.declaredStock),
        extra(.sku),
    ]
}
