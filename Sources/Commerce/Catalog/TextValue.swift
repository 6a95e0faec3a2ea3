/// What a product, category, brand or tag is called and said to be, in one language.
enum TextValue {
    /// Greatest size of a body or a brief after sanitising, in bytes.
    static let markupBytesMax = 256 * 1024

    static func check(_ value: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(
            value, allowed: ["title", "brief", "body", "keywords", "seo_title", "seo_description"])
        try reader.text("title", max: 255, required: true)
        try markup("brief", of: &reader)
        try markup("body", of: &reader)
        try reader.text("keywords", max: 1000)
        try reader.text("seo_title", max: 255)
        try reader.text("seo_description", max: 2000)
        return reader.result
    }

    private static func markup(_ name: String, of reader: inout ValueReader) throws(ValidationFailure) {
        guard let value = try reader.raw(name) else { return }
        guard case .string(let text) = value else { throw reader.fail(name, "must be a string, got \(value.typeName)") }
        // Checked before the costly walk, with room for markup that will be dropped.
        guard text.utf8.count <= markupBytesMax * 2 else { throw tooLong(name, reader) }
        try Wording.refuseControls(in: text, field: reader.field(name), lines: true)
        let clean = Markup.sanitised(text)
        guard clean.utf8.count <= markupBytesMax else { throw tooLong(name, reader) }
        if !clean.isEmpty { reader.keep(name, .string(clean)) }
    }

    private static func tooLong(_ name: String, _ reader: ValueReader) -> ValidationFailure {
        reader.fail(name, "is longer than \(markupBytesMax / 1024) KiB")
    }
}

/// A `text` unit's value, read as what it is.
package struct ProductText: Sendable {
    package let title: String
    package let brief: String?
    /// Sanitised HTML.
    package let body: String?
    package let keywords: String?

    /// - Returns: nil when the value has no title, as none that was validated does.
    package init?(_ value: JSON) {
        guard let title = value["title"]?.string else { return nil }
        self.title = title
        brief = value["brief"]?.string
        body = value["body"]?.string
        keywords = value["keywords"]?.string
    }
}
