/// The checks of what tells a product's variants apart and how they are shipped.
enum VariantValues {
    static let options: PlainValues.Check = { value throws(ValidationFailure) in
        var kept: [JSON] = []
        var names: Set<String> = []
        for (index, element) in try ValueReader.elements(value, path: "", max: 3).enumerated() {
            var reader = try ValueReader(element, path: "[\(index)]", allowed: ["name", "values"])
            let name = try reader.text("name", max: 255, required: true) ?? ""
            guard names.insert(name).inserted else { throw reader.fail("name", "\"\(name)\" is named twice") }
            guard let values = try reader.raw("values", required: true) else { continue }
            let texts = try distinctTexts(values, path: reader.field("values"), max: 2000)
            guard !texts.isEmpty else { throw reader.fail("values", "must not be empty") }
            reader.keep("values", .array(texts))
            kept.append(reader.result)
        }
        return .array(kept)
    }

    static let identity: PlainValues.Check = { value throws(ValidationFailure) in
        var reader = try ValueReader(value, allowed: ["product", "code", "options", "position"])
        try reader.id("product", required: true)
        try reader.text("code", max: 255)
        if let options = try reader.raw("options") {
            let path = reader.field("options")
            var texts: [JSON] = []
            for (index, element) in try ValueReader.elements(options, path: path, max: 3).enumerated() {
                texts.append(.string(try Wording.check(element, field: "\(path)[\(index)]", max: 255)))
            }
            if !texts.isEmpty { reader.keep("options", .array(texts)) }
        }
        try reader.integer("position", in: 0...1_000_000)
        return reader.result
    }

    static let logistics: PlainValues.Check = { value throws(ValidationFailure) in
        let sizes = ["weight_g", "length_mm", "width_mm", "height_mm"]
        var reader = try ValueReader(value, allowed: sizes + ["requires_shipping", "origin_country", "hs_code"])
        for size in sizes { try reader.integer(size, in: 0...1_000_000_000) }
        try reader.bool("requires_shipping")
        if let country = try reader.text("origin_country", max: 2) {
            guard country.utf8.count == 2, country.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw reader.fail("origin_country", "must be two capital letters of ISO 3166, for example CN")
            }
        }
        if let code = try reader.text("hs_code", max: 15) {
            guard code.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }) else {
                throw reader.fail("hs_code", "must be digits and dots, for example 6403.99")
            }
        }
        return reader.result
    }

    static let tags: PlainValues.Check = { value throws(ValidationFailure) in
        .array(try distinctTexts(value, path: "", max: 250))
    }

    static let categories: PlainValues.Check = { value throws(ValidationFailure) in
        var kept: [JSON] = []
        var seen: Set<String> = []
        for (index, element) in try ValueReader.elements(value, path: "", max: 100).enumerated() {
            guard case .string(let text) = element, EntityID(text) != nil else {
                throw ValidationFailure(field: "[\(index)]", reason: "must be a category's id")
            }
            if seen.insert(text).inserted { kept.append(element) }
        }
        return .array(kept)
    }

    /// Non-empty texts, the first of equals kept.
    private static func distinctTexts(_ value: JSON, path: String, max: Int) throws(ValidationFailure) -> [JSON] {
        var kept: [JSON] = []
        var seen: Set<JSON> = []
        for (index, element) in try ValueReader.elements(value, path: path, max: max).enumerated() {
            let field = "\(path)[\(index)]"
            let text = try Wording.check(element, field: field, max: 255)
            guard !text.isEmpty else { throw ValidationFailure(field: field, reason: "must not be empty") }
            if seen.insert(.string(text)).inserted { kept.append(.string(text)) }
        }
        return kept
    }
}
