package import Commerce
package import Store

/// What somebody looks for on a channel's shelf; what is left out does not matter.
package struct ShelfSearch: Hashable, Sendable {
    package var category: EntityID?
    package var brand: EntityID?
    /// Each has to be in a title, in the keywords, or among the tags; whatever the letter case and the language.
    package var words: [String] = []

    /// The most products looked at for one page, so that a search for what is not there costs no more than another.
    package static let lookedAtMax = 500

    package init(category: EntityID? = nil, brand: EntityID? = nil, words: [String] = []) {
        self.category = category
        self.brand = brand
        self.words = words.map { $0.lowercased() }
    }

    fileprivate func fits(_ product: ShelfView) throws(StoreError) -> Bool {
        if let category, try product.value("categories")?.array?.contains(.string(category.text)) != true { return false }
        if let brand, try product.value("brand")?["id"]?.string != brand.text { return false }
        if words.isEmpty { return true }
        var said: [String] = []
        for text in try product.texts() { said += [text["title"]?.string, text["keywords"]?.string].compactMap(\.self) }
        said += (try product.value("tags")?.array ?? []).compactMap(\.string)
        if let name = try product.value("brand")?["name"]?.string { said.append(name) }
        let heard = said.map { $0.lowercased() }
        return words.allSatisfy { word in heard.contains { $0.contains(word) } }
    }
}

extension Reading {
    /// A page of the products a channel has on its shelf, in the order they were made.
    ///
    /// - Returns: `next` is where to go on; it is not nil while there may be more, also when
    ///   the page holds fewer than asked for or nothing.
    package func shelf(
        _ search: ShelfSearch, at channel: ChannelID, after position: Int64, limit: Int, now: Timestamp
    ) throws(StoreError) -> (products: [ShelfView], next: Int64?) {
        var found: [ShelfView] = []
        var last = position
        var lookedAt = 0
        while true {
            let part = min(200, ShelfSearch.lookedAtMax - lookedAt)
            let candidates = try shelfCandidates(search, after: last, limit: part)
            for (number, entity) in candidates {
                let product = try shelfView(entity, at: channel)
                lookedAt += 1
                last = number
                guard try product.isOnShelf(at: now), try search.fits(product) else { continue }
                found.append(product)
                if found.count == limit { return (found, last) }
            }
            if candidates.count < part { return (found, nil) }
            if lookedAt >= ShelfSearch.lookedAtMax { return (found, last) }
        }
    }

    private func shelfCandidates(
        _ search: ShelfSearch, after number: Int64, limit: Int
    ) throws(StoreError) -> [(number: Int64, entity: EntityRef)] {
        if let category = search.category { return try marked(.category(category), after: number, limit: limit) }
        if let brand = search.brand { return try marked(.brand(brand), after: number, limit: limit) }
        return try entities(after: number, kind: .product, limit: limit)
    }
}
