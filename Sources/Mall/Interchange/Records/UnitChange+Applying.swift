import Commerce

extension UnitChange {
    /// The value wanted, given the one that is live; nil for none.
    ///
    /// - Parameter isNew: whether the file makes the entity.
    func applied(to live: JSON?, isNew: Bool) -> JSON? {
        switch self {
        case .replace(let value): value
        case .clear: nil
        case .members(let members): UnitChange.merged(members, into: live, isNew: isNew)
        case .options(let choices): UnitChange.merged(choices, into: live)
        case .images(let images): UnitChange.merged(images, into: live)
        case .cover(let url): UnitChange.covered(url, live)
        }
    }

    private static func merged(_ members: [Member], into live: JSON?, isNew: Bool) -> JSON? {
        var object = live?.object ?? JSONObject()
        for member in members where isNew || !member.onlyWhenNew {
            object[member.name] = member.value?.present
        }
        return JSON.present(object)
    }

    private static func merged(_ choices: [Choice], into live: JSON?) -> JSON? {
        var result = choices
        let held = live?.array ?? []
        if held.map({ $0["name"]?.string }) == choices.map({ $0.name }) {
            for (index, option) in held.enumerated() {
                let known = (option["values"]?.array ?? []).compactMap(\.string)
                result[index].values = known + choices[index].values.filter { !known.contains($0) }
            }
        }
        guard !result.isEmpty else { return nil }
        return .array(result.map { ["name": .string($0.name), "values": .array($0.values.map(JSON.string))] })
    }

    private static func merged(_ images: [Image], into live: JSON?) -> JSON? {
        let held = live?.array ?? []
        let others = held.filter { !isImage($0) }
        let pictures = images.map { image -> JSON in
            let known = held.first { isImage($0) && $0["url"]?.string == image.url }
            var object = known?.object ?? JSONObject([("kind", "image"), ("url", .string(image.url))])
            if let alt = image.alt { object["alt"] = JSON.present(alt) }
            return .object(object)
        }
        // An order people gave to pictures and films together stays when the pictures are the same.
        if pictures == held.filter(isImage) { return JSON.present(held) }
        let all = pictures + others
        return JSON.present(all)
    }

    private static func covered(_ url: String?, _ live: JSON?) -> JSON? {
        var media = live?.array ?? []
        let first = media.firstIndex(where: isImage)
        if let first, media[first]["url"]?.string == url { return live }
        if let url {
            let known = media.firstIndex { $0["url"]?.string == url }
            let cover = known.map { media.remove(at: $0) } ?? ["kind": "image", "url": .string(url)]
            media.insert(cover, at: 0)
        } else if let first {
            media.remove(at: first)
        }
        return JSON.present(media)
    }

    private static func isImage(_ medium: JSON) -> Bool { (medium["kind"]?.string ?? "image") == "image" }
}
