/// A mistake put in on purpose, so that the simulation can show it would find it.
///
/// Nothing but a simulation ever plants one: the daemon's ``Surroundings`` have none, and
/// no configuration reaches them. Each is a mistake some synchronising system really made.
package enum PlantedFault: String, Hashable, Sendable, CaseIterable {
    /// A push cursor goes to the highest change acknowledged, over one the channel put off.
    case cursorTakesHighest = "cursor-takes-highest"
    /// Among concurrent writes the hub's own wins, not the last.
    case mineWins = "mine-wins"
    /// A channel is sent what it wrote itself.
    case echoes = "echoes"
    /// A second try goes out under another operation id.
    case newOperationOnRetry = "new-operation-on-retry"
    /// A write is answered before it is on disk.
    case answersBeforeDurable = "answers-before-durable"
    /// What one listing of a channel left out is deleted.
    case deletesUnlisted = "deletes-unlisted"
    /// A channel's refused value is left standing there.
    case keepsLocalValue = "keeps-local-value"
    /// A restored store goes on counting as the one it is a copy of.
    case keepsIncarnation = "keeps-incarnation"
    /// What is sent carries a clock without the write it was merged with.
    case clockStandsStill = "clock-stands-still"
    /// What was deleted is forgotten before every channel knows.
    case buriesEarly = "buries-early"
    /// A unit that a channel puts off holds up those behind it.
    case poisonBlocks = "poison-blocks"
    /// While one channel fails, the others wait.
    case failureSpreads = "failure-spreads"
    /// A callback that says what to read counts as applied before it was read.
    case forgetsHints = "forgets-hints"
    /// What was sent without an answer is sent again unread.
    case skipsReadBack = "skips-read-back"
    /// A channel's own cut of a value is taken for an edit.
    case ignoresProjection = "ignores-projection"
    /// Another shop behind the same address is taken for the old one.
    case ignoresGeneration = "ignores-generation"
}
