package enum UnitCatalog {
    package static let all: [UnitDefinition] = []
    package static func definition(_ kind: EntityKind, _ unit: UnitName) throws(ValidationFailure) -> UnitDefinition {
        UnitDefinition(kind: kind, family: unit.family, policy: unit.family == "price" ? .hubAuthoritative : .lastWriter, purpose: "") { value throws(ValidationFailure) in value }
    }
}
