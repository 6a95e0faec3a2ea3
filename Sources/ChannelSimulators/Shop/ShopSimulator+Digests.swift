import ChannelAdapters
package import Commerce

extension ShopSimulator {
    /// Up to so many listings are named one by one.
    private static let listedMax = 32

    /// What some buckets of the listings amount to.
    package func digests(_ request: JSON) throws(ShopProblem) -> JSON {
        guard dials.digests else { throw ShopProblem(404, "not_found", "this shop keeps no digests") }
        guard let asked = request["buckets"]?.array, asked.count <= 256 else {
            throw ShopProblem(422, "invalid", "is required and must be an array of at most 256", field: "buckets")
        }
        let families = request["units"]?.array.map { Set($0.compactMap(\.string)) }
        let tree = heldDigests.now(entities, families: families)
        var answers: [JSON] = []
        for (index, text) in asked.enumerated() {
            guard let bucket = text.string.flatMap({ DigestBucket($0) }) else {
                throw ShopProblem(422, "invalid", "must be up to 15 hexadecimal digits", field: "buckets[\(index)]")
            }
            answers.append(ShopSimulator.answer(bucket, tree))
        }
        return ["generation": .string(dials.generation), "buckets": .array(answers)]
    }

    private static func answer(_ bucket: DigestBucket, _ tree: DigestTree<RemoteRef>) -> JSON {
        let leaves = tree.leaves(of: bucket)
        var members = JSONObject([
            ("bucket", .string(bucket.description)), ("count", .integer(Int64(leaves.count))),
            ("digest", .string(tree.digest(of: bucket).text)),
        ])
        if leaves.count <= listedMax || bucket.children.isEmpty {
            members["listings"] = .array(
                leaves.map { leaf in
                    [
                        "kind": .string(leaf.key.kind.rawValue), "id": .string(leaf.key.id),
                        "digest": .string(leaf.digest.text),
                    ]
                })
        } else {
            members["children"] = .array(bucket.children.map { .string(tree.digest(of: $0).text) })
        }
        return .object(members)
    }
}
