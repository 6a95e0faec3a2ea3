import ChannelAdapters

extension ContractSubject {
    static let plain = ContractSubject(
        channelProtocol: .plain,
        secret: Secret("token-of-the-shop"),
        keepsClocks: false,
        capabilities: """
            {"compare_and_swap":true,"batch_max":1,"generation":"g7","units":["text","price"],"rate_per_second":2.5,
             "projection":[{"unit":"text","member":"title","effect":"truncate","characters":60}],"new_member":{}}
            """,
        stored: [item("p1", "v2", "合一 T恤"), item("p2", "v2", "帽子")],
        held: [item("p1", "v2", "合一")],
        stale: (412, item("p1", "v9", "别的")),
        rejected: (422, #"{"field":"title","reason":"too long"}"#),
        deferred: [
            .answer(200, item("p1", "v2", "合一 T恤")), .answer(429, "", [("retry-after", "7")]),
        ],
        pages: [
            """
            {"more":true,"items":[\(item("p1", "v1", "一")),
             {"kind":"product","id":"bad","updated_at":1760000000000,"version":"v1","fields":{"TEXT!":1}}]}
            """,
            """
            {"more":false,"items":[{"kind":"product","id":"p2","updated_at":1760000001000,"version":"v3",
             "fields":{"text.zh-CN":null}}]}
            """,
        ],
        listing: [
            #"{"more":true,"items":[\#(item("p1", "v1", "一"))]}"#,
            #"{"more":false,"items":[\#(item("p2", "v1", "二"))]}"#,
        ],
        read: [.answer(200, item("p1", "v1", "一")), .answer(404)],
        wrongPage: (#"{"items":[],"more":"no"}"#, "more"))

    static func item(_ id: String, _ version: String, _ title: String) -> String {
        """
        {"kind":"product","id":"\(id)","updated_at":1760000000000,"version":"\(version)","fields":{"text.zh-CN":{"title":"\(title)"}}}
        """
    }
}
