extension UnitCatalog {
    static let product: [UnitDefinition] = [
        life(.product),
        text(.product),
        UnitDefinition(
            kind: .product, family: "shelf",
            policy: .mostRestrictive(field: "state", order: PlainValues.shelfStates),
            purpose: "Whether the product is on sale, and when that begins and ends.", check: PlainValues.shelf),
        UnitDefinition(
            kind: .product, family: "tags", policy: .addWinsSet(key: nil),
            purpose: "Words the product is found and grouped by.", check: VariantValues.tags),
        UnitDefinition(
            kind: .product, family: "categories", policy: .addWinsSet(key: nil),
            purpose: "The categories the product is filed under.", check: VariantValues.categories),
        media(.product),
        UnitDefinition(
            kind: .product, family: "options", policy: .singleOwner,
            purpose: "What the product's variants differ in, at most three ways.", check: VariantValues.options),
        UnitDefinition(
            kind: .product, family: "brand", policy: .lastWriter,
            purpose: "Who makes it: a brand of the catalog, or a bare name.", check: PlainValues.brand),
        UnitDefinition(
            kind: .product, family: "attributes", policy: .lastWriter,
            purpose: "Named properties such as material or season.",
            check: PlainValues.names(to: 5000, countMax: 200, lines: true)),
        UnitDefinition(
            kind: .product, family: "tax", policy: .askPerson,
            purpose: "The tax class the product falls in.", check: PlainValues.tax),
        UnitDefinition(
            kind: .product, family: "age_limit", policy: .highest(field: "years"),
            purpose: "The least age in years at which it may be bought.",
            check: PlainValues.number("years", in: 0...120)),
        UnitDefinition(
            kind: .product, family: "order_limit", policy: .lowest(field: "quantity"),
            purpose: "The most pieces one order may hold.",
            check: PlainValues.number("quantity", in: 1...1_000_000)),
        UnitDefinition(
            kind: .product, family: "visibility", perChannel: true, policy: .singleOwner,
            purpose: "Whether a channel shows the product at all.", check: PlainValues.visibility),
        UnitDefinition(
            kind: .product, family: "unit_of_sale", policy: .lastWriter,
            purpose: "What one piece is called, for example 件 or box.", check: PlainValues.unitOfSale),
        extra(.product),
    ]
}
