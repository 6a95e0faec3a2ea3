import ChannelAdapters

extension ContractSubject {
    static let delta = ContractSubject(
        channelProtocol: .delta,
        secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        keepsClocks: true,
        capabilities: """
            {"protocol":"heyi-delta/1","generation":"g7","clocks":true,"actor":"ch:web:77aa","units":["text","price"],
             "batch_max":200,"rate_per_second":2.5,"compare_and_swap":true,"idempotent":true,"new_member":[1],
             "projection":[{"unit":"text","member":"title","effect":"truncate","characters":60}]}
            """,
        stored: [#"{"ack":6}"#],
        held: [#"{"ack":5,"held":[{"seq":5,"value":{"title":"合一"},"clock":{"hub:main:k3f9":4},"version":"v2"}]}"#],
        stale: (
            200,
            """
            {"ack":5,"stale":[{"seq":5,"op":"set","value":{"title":"别的"},"clock":{"ch:web:77aa":1},
             "dot":{"actor":"ch:web:77aa","n":2},"version":"v9"}]}
            """
        ),
        rejected: (200, #"{"ack":5,"rejected":[{"seq":5,"field":"title","reason":"too long"}]}"#),
        deferred: [.answer(200, #"{"ack":6,"deferred":[{"seq":6,"retry_after":7}]}"#)],
        pages: [
            """
            {"generation":"g7","next":"c1","complete":false,"deltas":[
             {"entity":{"kind":"product","id":"p1"},"unit":"text.zh-CN","op":"set","value":{"title":"一"},
              "clock":{},"dot":{"actor":"ch:web:77aa","n":1},"modified":1760000000000,"event":"e1"},
             {"entity":{"kind":"product","id":"bad"},"unit":"TEXT!","op":"set","value":1}]}
            """,
            """
            {"generation":"g7","next":"c2","complete":true,"deltas":[
             {"entity":{"kind":"product","id":"p2"},"unit":"text.zh-CN","op":"delete"}]}
            """,
        ],
        listing: [
            """
            {"generation":"g7","next":"product/p1","deltas":[
             {"entity":{"kind":"product","id":"p1"},"unit":"text.zh-CN","op":"set","value":{"title":"一"}}]}
            """,
            """
            {"generation":"g7","next":null,"deltas":[
             {"entity":{"kind":"product","id":"p2"},"unit":"text.zh-CN","op":"set","value":{"title":"二"}}]}
            """,
        ],
        read: [
            .answer(
                200,
                """
                {"deltas":[{"entity":{"kind":"product","id":"p1"},"unit":"text.zh-CN","op":"set","value":{"title":"一"}}],
                 "absent":[{"kind":"product","id":"p9"}]}
                """)
        ],
        wrongPage: (#"{"generation":"g7","next":7,"complete":true,"deltas":[]}"#, "next"))
}
