import Commerce

extension Schemas {
    /// What operators send.
    static let requests: [(String, JSON)] = [
        (
            "ChannelOrder",
            object(
                [("id", text), ("kind", words(ChannelOrder.Kind.allCases.map(\.rawValue)))],
                optional: [
                    ("protocol", words(ChannelOrder.Wire.allCases.map(\.rawValue))), ("endpoint", text),
                    ("secret_files", list(text)), ("allow_private_addresses", flag),
                ])
        ),
        (
            "ConflictResolve",
            object([
                ("choice", ["anyOf": [text, number, object([("value", anything)])]]), ("reason", text),
            ])
        ),
        ("QueueRetry", object([], optional: selection)),
        ("QueueDrop", object([("reason", text)], optional: selection)),
        ("EntityOrder", object([("units", ["type": "object"])], optional: [("id", text)])),
        ("UnitValue", anything),
        ("BackupOrder", object([("path", text)])),
        (
            "TokenOrder",
            object(
                [("name", text), ("scope", words(Scope.allCases.map(\.rawValue)))],
                optional: [("days", ["type": "integer", "minimum": 1, "maximum": 366])])
        ),
    ]

    private static let selection: [(String, JSON)] = [
        ("channel", text), ("state", words(QueueRow.State.allCases.map(\.rawValue))), ("ids", list(number)),
    ]

    /// The delta protocol.
    static let protocolMessages: [(String, JSON)] = [
        (
            "ChannelOffer",
            object([
                ("protocol", text), ("generation", text), ("channel", text), ("actor_prefix", text), ("batch_max", number),
                ("page_max", number), ("wait_max", number), ("families", ["type": "object", "additionalProperties": text]),
            ])
        ),
        (
            "Delta",
            object(
                [("entity", named("Entity")), ("unit", text), ("op", words(["set", "delete"]))],
                optional: [
                    ("value", anything), ("seq", number), ("clock", named("Clock")),
                    ("dot", object([("actor", text), ("n", number)])), ("stamp", instant), ("modified", instant),
                    ("op_id", text), ("expect", text), ("version", text), ("event", text),
                ])
        ),
        (
            "DeltaBatch",
            object([("deltas", list(named("Delta")))], optional: [("actor", text), ("generation", text), ("session", text)])
        ),
        (
            "BatchAnswer",
            object([
                (
                    "results",
                    list(
                        object(
                            [
                                ("index", number), ("outcome", words(BatchAnswer.Outcome.allCases.map(\.rawValue))),
                                ("clock", named("Clock")),
                            ], optional: [("seq", number), ("value", anything)]))
                ),
                ("rejected", list(object([("index", number), ("field", text), ("reason", text)]))),
            ])
        ),
        (
            "DeltaPage",
            object([("generation", text), ("next", text), ("deltas", list(named("Delta"))), ("complete", flag)])
        ),
        (
            "SnapshotPage",
            object([("generation", text), ("deltas", list(named("Delta"))), ("next", orNull(text)), ("cursor", text)])
        ),
        (
            "Callback",
            object([("type", words(["deltas", "changed"])), ("data", ["type": "object"])], open: true)
        ),
    ]
}
