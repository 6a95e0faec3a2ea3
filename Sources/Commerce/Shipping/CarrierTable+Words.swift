extension CarrierTable {
    /// Understands what people write on a parcel: our own id, a name in either language, or any platform's code.
    ///
    /// - Returns: nil for a word that names no carrier here.
    package static func carrier(called word: String) -> CarrierID? {
        let sought = plain(word)
        guard !sought.isEmpty else { return nil }
        if let id = CarrierID(sought), carrier(id) != nil { return id }
        for row in rows {
            let words = [row.chinese, row.english, row.kuaidi100, row.kdniao, row.weChat].compactMap(\.self)
            if words.contains(where: { plain($0) == sought }) { return row.id }
        }
        // "顺丰" for 顺丰速运, "YTO" for YTO Express: of several that begin so, the one that is used most.
        guard sought.count >= 2 else { return nil }
        return rows.first { plain($0.chinese).hasPrefix(sought) || plain($0.english).hasPrefix(sought) }?.id
    }

    private static func plain(_ text: String) -> String {
        String(text.lowercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "." })
    }
}
