import Commerce

/// A channel's cursor together with the generation that gave it out.
///
/// A channel restored from a backup may know a cursor of the same spelling that means
/// something else; with the generation beside it, that is seen on our side too.
struct GenerationMark: Hashable {
    let generation: String
    let position: String

    init(generation: String, position: String) {
        self.generation = generation
        self.position = position
    }

    /// Reads what ``text`` wrote; nil stays nil.
    init?(_ text: String?) throws(ChannelError) {
        guard let text else { return nil }
        let parts: JSON
        do {
            parts = try JSON.parse(text)
        } catch {
            throw .resyncNeeded(reason: "the cursor is not one of this adapter's")
        }
        guard let array = parts.array, array.count == 2, let generation = array[0].string,
            let position = array[1].string
        else { throw .resyncNeeded(reason: "the cursor is not one of this adapter's") }
        self.init(generation: generation, position: position)
    }

    var text: String { JSON.array([.string(generation), .string(position)]).text }
}
