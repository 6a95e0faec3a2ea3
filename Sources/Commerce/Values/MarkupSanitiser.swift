/// One walk over some HTML that writes only what ``MarkupRules`` allow.
struct MarkupSanitiser {
    private let bytes: ContiguousArray<UInt8>
    private var output: [UInt8] = []
    private var position = 0
    private var open: [String] = []
    /// Set once a tag was found that never ends: no later `<` can be a tag either, and
    /// looking for its end again from each would take quadratic time.
    private var tagsAreOver = false
    private static let depthMax = 100

    init(_ bytes: ContiguousArray<UInt8>) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count + 64)
    }

    mutating func run() -> String {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "<"): markup()
            case UInt8(ascii: "&"): MarkupEntities.keep(bytes, &position, into: &output)
            default:
                output.append(byte)
                position += 1
            }
        }
        while let name = open.popLast() { writeEnd(name) }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func markup() {
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        if tagsAreOver { return literal() }
        switch next {
        case UInt8(ascii: "!"), UInt8(ascii: "?"): comment()
        case UInt8(ascii: "/"):
            let letter = position + 2 < bytes.count ? bytes[position + 2] : 0
            if MarkupTag.isLetter(letter) { tag() } else { literal() }
        case let letter where MarkupTag.isLetter(letter): tag()
        default: literal()
        }
    }

    private mutating func literal() {
        output.append(contentsOf: "&lt;".utf8)
        position += 1
    }

    private mutating func comment() {
        let isComment = bytes[position...].starts(with: "<!--".utf8)
        let end = isComment ? find(Array("-->".utf8), from: position + 4) : find([UInt8(ascii: ">")], from: position)
        guard let end else {
            tagsAreOver = true
            return literal()
        }
        position = end
    }

    private mutating func tag() {
        guard let tag = MarkupTag(bytes, at: position) else {
            tagsAreOver = true
            return literal()
        }
        position = tag.end
        if MarkupRules.dropped.contains(tag.name) {
            if !tag.closes, !tag.endsItself, !MarkupRules.droppedVoid.contains(tag.name) { skipContent(of: tag.name) }
        } else if let attributes = MarkupRules.allowed[tag.name] {
            tag.closes ? close(tag.name) : begin(tag, keeping: attributes)
        }
    }

    private mutating func begin(_ tag: MarkupTag, keeping attributes: Set<String>) {
        let isVoid = MarkupRules.void.contains(tag.name)
        if MarkupRules.selfClosing.contains(tag.name), open.last == tag.name { close(tag.name) }
        guard isVoid || open.count < MarkupSanitiser.depthMax else { return }
        let kept = tag.attributes(keeping: attributes, in: bytes)
        if tag.name == "img", !kept.contains(where: { $0.name == "src" }) { return }
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: tag.name.utf8)
        for attribute in kept {
            output.append(UInt8(ascii: " "))
            output.append(contentsOf: attribute.name.utf8)
            output.append(contentsOf: "=\"".utf8)
            output.append(contentsOf: attribute.value)
            output.append(UInt8(ascii: "\""))
        }
        output.append(UInt8(ascii: ">"))
        if !isVoid { open.append(tag.name) }
    }

    private mutating func close(_ name: String) {
        guard open.contains(name) else { return }
        while let last = open.popLast() {
            writeEnd(last)
            if last == name { return }
        }
    }

    private mutating func writeEnd(_ name: String) {
        output.append(contentsOf: "</".utf8)
        output.append(contentsOf: name.utf8)
        output.append(UInt8(ascii: ">"))
    }

    /// Moves behind the end tag of a dropped element, or to the end when it has none.
    private mutating func skipContent(of name: String) {
        let wanted = Array(name.utf8)
        while position < bytes.count {
            guard let end = find(Array("</".utf8), from: position) else { break }
            let word = bytes[end...].prefix(wanted.count).map(MarkupTag.lowercased)
            position = end
            guard word == wanted, end + wanted.count == bytes.count || !MarkupTag.isName(bytes[end + wanted.count])
            else { continue }
            position = find([UInt8(ascii: ">")], from: end) ?? bytes.count
            return
        }
        position = bytes.count
    }

    /// The position behind the next `pattern`.
    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return start }
        var index = start
        while index + pattern.count <= bytes.count {
            if bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
                return index + pattern.count
            }
            index += 1
        }
        return nil
    }
}
