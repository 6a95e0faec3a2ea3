import Commerce
import Foundation
import FoundationXML

/// The attributes of one node of a push in XML.
struct SFRouteAttributes {
    let values: [String: String]
}

/// Reads a push in XML, which comes from the open internet.
///
/// A document that declares anything is refused before it is parsed, so that there are no entities but the five of XML
/// itself; size, depth and count are bounded, and nothing outside the document is ever looked for.
enum SFRouteDocument {
    private static let bytesMax = 1 << 20
    private static let envelope = "heyi-envelope"

    static func read(_ bytes: [UInt8]) throws(ValidationFailure) -> [SFRouteAttributes] {
        guard bytes.count <= bytesMax else { throw ValidationFailure(field: "content", reason: "is longer than \(bytesMax) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw ValidationFailure(field: "content", reason: "is not UTF-8")
        }
        guard !declares(bytes) else { throw ValidationFailure(field: "content", reason: "must not declare a document type or entities") }
        // What the text says of its encoding is not listened to: it is UTF-8, and only so was the check above worth anything.
        // The parser passes over what follows the end of a document; inside an element of ours it has not ended.
        guard !text.contains(envelope) else { throw ValidationFailure(field: "content", reason: "has a name that is none of SF's") }
        let parser = XMLParser(data: Data("<\(envelope)>".utf8 + withoutProlog(bytes) + "</\(envelope)>".utf8))
        parser.shouldResolveExternalEntities = false
        parser.externalEntityResolvingPolicy = .never
        parser.shouldProcessNamespaces = false
        let gatherer = RouteGatherer()
        parser.delegate = gatherer
        let isWell = parser.parse()
        if let fault = gatherer.fault { throw fault }
        guard isWell, gatherer.isClosed else { throw ValidationFailure(field: "content", reason: "is not XML") }
        return gatherer.routes
    }

    /// `<!` begins a declaration, a comment or a section; a push needs none of them.
    private static func declares(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "<") && $1 == UInt8(ascii: "!") }
    }

    private static func withoutProlog(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while let byte = rest.first, byte <= 0x20 { rest = rest.dropFirst() }
        guard rest.starts(with: "<?xml".utf8), let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return rest }
        return rest[rest.index(after: end)...]
    }
}

private final class RouteGatherer: NSObject, XMLParserDelegate {
    /// Both with the envelope.
    private static let depthMax = 9
    private static let elementsMax = 2_001
    private static let attributesMax = 40

    private(set) var routes: [SFRouteAttributes] = []
    private(set) var fault: ValidationFailure?
    private var depth = 0
    private var elements = 0
    private var roots = 0

    var isClosed: Bool { depth == 0 && roots == 1 }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        depth += 1
        elements += 1
        if depth == 2 { roots += 1 }
        if roots > 1 { return give(up: parser, "is more than one document") }
        if depth > RouteGatherer.depthMax { return give(up: parser, "is nested deeper than \(RouteGatherer.depthMax)") }
        if elements > RouteGatherer.elementsMax { return give(up: parser, "has more than \(RouteGatherer.elementsMax) elements") }
        if attributes.count > RouteGatherer.attributesMax { return give(up: parser, "has too many attributes") }
        if name == "WaybillRoute" { routes.append(SFRouteAttributes(values: attributes)) }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { depth -= 1 }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if depth == 1, !text.allSatisfy(\.isWhitespace) { give(up: parser, "has text outside of its document") }
    }

    private func give(up parser: XMLParser, _ reason: String) {
        if fault == nil { fault = ValidationFailure(field: "content", reason: reason) }
        parser.abortParsing()
    }
}
