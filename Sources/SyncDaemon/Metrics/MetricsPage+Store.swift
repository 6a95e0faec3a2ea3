import Commerce

extension MetricsPage {
    /// Callbacks and what waits for a person.
    func inbox(_ page: inout Exposition, _ figures: Metrics.Figures) {
        one(&page, "heyi_conflicts_open", .gauge, "Conflicts waiting for a person.", Double(report.conflictsOpen))
        one(
            &page, "heyi_conflicts_opened_total", .counter, "Conflicts opened by what channels wrote.",
            Double(figures.conflicts))
        page.family("heyi_inbox_rows", .gauge, "Callbacks kept, by state.")
        for (state, count) in [
            (InboxRow.State.waiting, report.inbox.waiting), (.quarantined, report.inbox.quarantined),
            (.dead, report.inbox.dead),
        ] {
            page.sample("heyi_inbox_rows", [("state", state.rawValue)], Double(count))
        }
        one(
            &page, "heyi_inbox_oldest_age_seconds", .gauge, "Age of the oldest callback that waits; 0 when none does.",
            (report.inbox.oldestAge ?? .zero).inSeconds)
        counter(&page, "heyi_callback_total", "Callbacks worked on, by how that ended.", figures.callbacks, "applied")
    }

    /// The store and the disk it is on.
    func store(_ page: inout Exposition, _ figures: Metrics.Figures) {
        let store = report.store
        page.family("heyi_store_commit_seconds", .histogram, "Group commits, from begin to after the fsync.")
        page.histogram("heyi_store_commit_seconds", [], figures.commits)
        one(
            &page, "heyi_store_writes_total", .counter, "Writes in those commits, the daemon's own among them.",
            Double(figures.writes))
        one(&page, "heyi_store_writable", .gauge, "1 while writes are accepted.", store.writable ? 1 : 0)
        one(&page, "heyi_store_entities", .gauge, "Entities of the catalog.", Double(store.entities))
        one(&page, "heyi_store_file_bytes", .gauge, "Size of the database.", Double(store.fileBytes))
        one(
            &page, "heyi_store_wal_bytes", .gauge, "Size of the write-ahead log's file; it is used again and not cut.",
            Double(store.logBytes))
        one(
            &page, "heyi_store_disk_free_bytes", .gauge, "Free on the file system of the store.",
            Double(store.diskFreeBytes))
        one(&page, "heyi_store_disk_size_bytes", .gauge, "Size of the file system of the store.", Double(store.diskBytes))
        one(&page, "heyi_feed_head", .gauge, "Newest sequence number of the feed.", Double(store.feedHead))
    }
}
