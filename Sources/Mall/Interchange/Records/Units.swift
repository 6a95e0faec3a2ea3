import Commerce

/// The names of the units that files speak about.
enum Units {
    static let life = named("life")
    static let shelf = named("shelf")
    static let tags = named("tags")
    static let categories = named("categories")
    static let media = named("media")
    static let options = named("options")
    static let brand = named("brand")
    static let attributes = named("attributes")
    static let tax = named("tax")
    static let identity = named("identity")
    static let barcode = named("barcode")
    static let logistics = named("logistics")
    static let stock = named("declared_stock")
    static let place = named("place")

    static func named(_ text: String) -> UnitName {
        guard let name = UnitName(text) else { preconditionFailure("\(text) is no unit name") }
        return name
    }
}

extension InterchangeOptions {
    var text: UnitName { Units.named("text.\(locale)") }
    var price: UnitName { Units.named("price.\(currency.code)") }
    var extra: UnitName { Units.named("extra.\(source)") }
}
