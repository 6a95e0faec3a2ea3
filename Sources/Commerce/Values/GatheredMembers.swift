/// The members of one object as a parser meets them, put in order once all are there.
///
/// Inserting each at its place would move all the later ones every time: an object whose
/// names come in falling order would cost the square of its size.
struct GatheredMembers {
    private(set) var members: [JSONObject.Member] = []
    private var offsets: [Int] = []
    private var inOrder = true

    mutating func append(_ name: String, _ value: JSON, at offset: Int) {
        if inOrder, let last = members.last { inOrder = JSONObject.precedes(last.name, name) }
        members.append(JSONObject.Member(name: name, value: value))
        offsets.append(offset)
    }

    /// Sorts by name.
    ///
    /// - Returns: the name that stands there twice and where it stands again; of several, the first in the text.
    mutating func sort() -> (name: String, offset: Int)? {
        guard !inOrder else { return nil }
        let order = members.indices.sorted { left, right in
            if JSONObject.precedes(members[left].name, members[right].name) { return true }
            return left < right && members[left].name.hasSameBytes(as: members[right].name)
        }
        var twice: Int?
        for (left, right) in zip(order, order.dropFirst()) where members[left].name.hasSameBytes(as: members[right].name) {
            twice = min(twice ?? right, right)
        }
        if let twice { return (members[twice].name, offsets[twice]) }
        members = order.map { members[$0] }
        return nil
    }
}
