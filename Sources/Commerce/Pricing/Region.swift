/// Where something goes: country, province, city, district as codes, from the greatest to the smallest.
///
/// No codes at all is everywhere.
package struct Region: Hashable, Sendable, CustomStringConvertible {
    package let codes: [String]

    package init(_ codes: [String]) { self.codes = codes }

    package static let everywhere = Region([])

    package func lies(in other: Region) -> Bool { codes.starts(with: other.codes) }
    package var description: String { codes.isEmpty ? "everywhere" : codes.joined(separator: "/") }
}
