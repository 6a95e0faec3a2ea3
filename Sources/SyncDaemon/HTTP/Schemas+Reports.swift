import Commerce
import Store
import SyncEngine

extension Schemas {
    /// What operators get.
    static let reports: [(String, JSON)] = [
        (
            "StatusReport",
            object([
                ("at", instant), ("version", text), ("generation", text), ("uptime_seconds", number),
                ("verdict", words(StatusVerdict.allCases.map(\.rawValue))), ("problems", list(named("StatusProblem"))),
                ("channels", list(named("ChannelStatus"))),
                (
                    "inbox",
                    object([
                        ("waiting", number), ("quarantined", number), ("dead", number),
                        ("oldest_age_seconds", orNull(number)),
                    ])
                ),
                (
                    "store",
                    object([
                        ("writable", flag), ("fault", orNull(text)), ("entities", number), ("feed_head", number),
                        ("file_bytes", number), ("wal_bytes", number), ("disk_free_bytes", number), ("disk_bytes", number),
                    ])
                ),
                ("conflicts_open", number),
                ("configuration", object([("loaded_at", instant), ("refused", orNull(text))])),
                ("recent", list(named("StatusEvent"))),
                (
                    "gateways",
                    object([
                        (
                            "accounts",
                            list(
                                object([
                                    ("id", text), ("kind", text), ("fault", orNull(text)), ("last_heard", orNull(instant)), ("admitted", number),
                                    ("refused", number), ("quarantined", number), ("dead", number), ("bill_differences", number),
                                ]))
                        ),
                        ("payments_in_doubt", number), ("oldest_payment_in_doubt_seconds", number), ("refunds_unknown", number),
                        ("refunds_refused", number), ("parcels_followed", number), ("parcels_stalled", number),
                    ])
                ),
            ])
        ),
        (
            "StatusProblem",
            object([
                ("kind", words(StatusProblem.Kind.allCases.map(\.rawValue))), ("channel", orNull(text)), ("count", number),
                ("detail", orNull(text)), ("next", text), ("text", text),
            ])
        ),
        (
            "ChannelStatus",
            object([
                ("id", text), ("kind", text), ("transport", text),
                ("state", words(ChannelStatus.State.allCases.map(\.rawValue))), ("reason", orNull(text)),
                ("lag_changes", number), ("lag_seconds", number), ("last_success_at", orNull(instant)),
                ("last_push_at", orNull(instant)), ("last_pull_at", orNull(instant)),
                ("last_error", orNull(text)), ("in_flight", number), ("retrying", number), ("unknown", number),
                ("dead", number), ("conflicts_open", number),
                ("breaker", words(ChannelStatus.Breaker.allCases.map(\.rawValue))), ("rate_budget", orNull(number)),
                ("reconciliation", named("Reconciliation")),
            ])
        ),
        (
            "StatusEvent",
            object([
                ("number", number), ("at", instant), ("level", words(StatusEvent.Level.allCases.map(\.rawValue))),
                ("code", text), ("channel", orNull(text)), ("entity", orNull(text)), ("text", text),
                ("trace_id", orNull(text)),
            ])
        ),
        (
            "LogEntry",
            object([
                ("origin", words(LogEntry.Origin.allCases.map(\.rawValue))), ("number", number), ("at", instant),
                ("level", words(StatusEvent.Level.allCases.map(\.rawValue))), ("code", text), ("channel", orNull(text)),
                ("entity", orNull(text)), ("by", orNull(text)), ("text", text),
            ])
        ),
        ("Log", object([("data", list(named("LogEntry"))), ("place", text)])),
        (
            "WhyReport",
            object([
                ("entity", named("Entity")), ("aliases", list(text)), ("units", list(named("WhyUnit"))),
                ("drift", list(named("DriftRow"))),
            ])
        ),
        (
            "WhyUnit",
            object([
                ("unit", text), ("value", anything), ("clock", named("Clock")), ("policy", text), ("decided", text),
                (
                    "versions",
                    list(object([("author", text), ("n", number), ("at", instant), ("value", anything), ("live", flag)]))
                ),
                (
                    "history",
                    list(object([("seq", number), ("at", instant), ("author", text), ("action", text), ("value", anything)]))
                ),
                (
                    "channels",
                    list(
                        object([
                            ("channel", text), ("state", words(WhyReport.Holding.State.allCases.map(\.rawValue))),
                            ("value", anything), ("last_push_at", orNull(instant)), ("last_answer", orNull(text)),
                            ("next_attempt_at", orNull(instant)),
                        ]))
                ),
            ])
        ),
        (
            "ConflictReport",
            object([
                ("id", number), ("state", words(ConflictReport.State.allCases.map(\.rawValue))), ("entity", text),
                ("unit", text), ("policy", text), ("opened_at", instant), ("base", anything),
                (
                    "sides",
                    list(
                        object([
                            ("index", number), ("author", text), ("at", instant), ("value", anything), ("deleted", flag),
                            ("live", flag),
                        ]))
                ),
                ("resolution", orNull(object([("by", text), ("at", instant), ("reason", text), ("value", anything)]))),
            ])
        ),
        (
            "InboxRow",
            object([
                ("id", number), ("channel", text), ("state", words(InboxRow.State.allCases.map(\.rawValue))),
                ("message_id", text), ("received_at", instant), ("bytes", number), ("attempts", number),
                ("last_error", orNull(text)), ("next_attempt_at", orNull(instant)),
            ])
        ),
        (
            "InboxEffects",
            object([
                ("callback", named("InboxRow")), ("fault", orNull(text)),
                (
                    "effects",
                    list(
                        object([
                            ("what", words(InboxEffects.What.allCases.map(\.rawValue))), ("subject", text), ("before", anything),
                            ("after", anything), ("reason", orNull(text)),
                        ]))
                ),
            ])
        ),
        (
            "QueueRow",
            object([
                ("id", number), ("channel", text), ("entity", text), ("unit", orNull(text)),
                ("state", words(QueueRow.State.allCases.map(\.rawValue))), ("attempts", number), ("since", instant),
                ("next_attempt_at", orNull(instant)), ("last_error", text),
            ])
        ),
        (
            "EntityReport",
            object([
                ("entity", named("Entity")), ("deleted", flag), ("etag", text),
                (
                    "units",
                    list(
                        object([
                            ("unit", text), ("value", anything), ("deleted", flag), ("clock", named("Clock")),
                            ("seq", number), ("etag", text), ("siblings", number),
                        ]))
                ),
            ])
        ),
        (
            "Reconciliation",
            object([
                ("round", number), ("running", flag), ("finished_at", orNull(instant)), ("due_at", orNull(instant)),
                ("overdue", flag), ("open", number), ("stuck", number), ("found", byClass),
                ("last", orNull(named("RoundFigures"))), ("requests_total", number), ("listings_total", number),
                ("bytes_total", number),
            ])
        ),
        (
            "RoundFigures",
            object([
                ("way", words(RoundFigures.Way.allCases.map(\.rawValue))), ("dry_run", flag), ("listings", number),
                ("compared", number), ("transferred", number), ("requests", number), ("bytes", number),
                ("buckets", number), ("mismatches", number), ("found", byClass),
                ("remedies", object(DriftRemedy.allCases.map { ($0.rawValue, number) })), ("vanished", number),
                ("ms", number), ("disbelieved", orNull(text)), ("gone", list(text)),
            ])
        ),
        (
            "DriftRow",
            object([
                ("id", number), ("channel", text), ("listing", text), ("unit", orNull(text)),
                ("class", words(DriftClass.allCases.map(\.rawValue))), ("reason", text), ("expected", orNull(text)),
                ("shown", anything), ("remedy", words(DriftRemedy.allCases.map(\.rawValue))), ("round", number),
                ("healing_seq", orNull(number)), ("found_at", instant), ("healed_at", orNull(instant)),
            ])
        ),
        ("TokenRecord", object(token)),
        ("TokenAnswer", object(token + [("token", text)])),
        ("CommandAnswer", object([("id", text), ("result", text)])),
        ("CountAnswer", object([("count", number)])),
        ("BackupAnswer", object([("path", text), ("bytes", number)])),
    ]

    private static let byClass = object(DriftClass.allCases.map { ($0.rawValue, number) })

    private static let token: [(String, JSON)] = [
        ("id", text), ("name", text), ("scope", words(Scope.allCases.map(\.rawValue))), ("created_at", instant),
        ("expires_at", instant),
    ]
}
