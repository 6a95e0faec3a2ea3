/// How a channel came to show something other than it should, as far as that can be told.
package enum DriftClass: String, Sendable, CaseIterable {
    /// It holds what it was sent before, or nothing: what was sent since is not there.
    case lostPush = "lost_push"
    /// It holds what the hub never had, and never reported an edit.
    case manualEdit = "manual_edit"
    /// It holds an edit of its own that has not reached us.
    case missedChange = "missed_change"
    /// Somebody wrote under a name that is neither the hub's nor the channel's.
    case foreignApplication = "foreign_application"
}

/// What was done about a difference.
package enum DriftRemedy: String, Sendable, CaseIterable {
    /// What the channel should hold is pushed again.
    case pushed
    /// It was taken up like any edit of the channel.
    case taken
    /// A person is asked.
    case asked
    /// It could be neither taken up nor overwritten.
    case refused
}
