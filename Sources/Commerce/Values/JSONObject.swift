/// The members of a JSON object, kept sorted by the UTF-8 bytes of their names.
///
/// A later member of the same name replaces an earlier one; the parser refuses
/// duplicates before they get here.
package struct JSONObject: Hashable, Sendable {
    package private(set) var members: [Member]

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSON

        package static func == (left: Member, right: Member) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value == right.value
        }
    }

    package init() { members = [] }

    /// Takes members that are in order already, none of them twice.
    init(sorted members: [Member]) { self.members = members }

    package init(_ pairs: [(String, JSON)]) {
        members = []
        members.reserveCapacity(pairs.count)
        for (name, value) in pairs { self[name] = value }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var names: [String] { members.map(\.name) }

    package subscript(name: String) -> JSON? {
        get {
            let index = position(of: name)
            guard index < members.count, members[index].name.hasSameBytes(as: name) else { return nil }
            return members[index].value
        }
        set {
            // Members mostly arrive in order, so the end is tried before searching.
            if let last = members.last, JSONObject.precedes(last.name, name) {
                if let newValue { members.append(Member(name: name, value: newValue)) }
                return
            }
            let index = position(of: name)
            let exists = index < members.count && members[index].name.hasSameBytes(as: name)
            switch (exists, newValue) {
            case (true, let value?): members[index] = Member(name: name, value: value)
            case (true, nil): members.remove(at: index)
            case (false, let value?): members.insert(Member(name: name, value: value), at: index)
            case (false, nil): break
            }
        }
    }

    private func position(of name: String) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if JSONObject.precedes(members[middle].name, name) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Byte order, which unlike `String.<` is the same in every language a peer is written in.
    static func precedes(_ left: String, _ right: String) -> Bool { ByteOrder.precedes(left, right) }
}

extension JSONObject: Sequence {
    package func makeIterator() -> some IteratorProtocol<Member> { members.makeIterator() }
}
