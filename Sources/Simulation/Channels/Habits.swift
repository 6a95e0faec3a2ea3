extension SimulatedChannel {
    /// What goes wrong at a channel, each a chance in 1,000 for every request unless it says otherwise.
    package struct Habits: Hashable, Sendable {
        /// The connection is refused.
        package var refuses = 0
        /// The request never arrives, and the sender cannot know.
        package var losesRequest = 0
        /// The request is served and its answer lost.
        package var losesAnswer = 0
        /// Answers 503 before doing anything.
        package var fails = 0
        /// Does it, then answers 500.
        package var storesThenFails = 0
        /// Asks to come back in two seconds.
        package var throttles = 0
        /// For each delta: will not take it.
        package var rejectsDelta = 0
        /// For each delta: not now.
        package var defersDelta = 0
        /// Is served the same request twice.
        package var repeats = 0
        /// The longest a request takes, in milliseconds.
        package var delayMax: Int64 = 0
        /// Pages of changes come in any order.
        package var shufflesPulls = false
        /// For each delta: stores it, says so, and has what it had before; only comparing finds that out.
        package var forgets = 0
        /// Every so many seconds a storm begins in which everything is told to come back after it; 0 for never.
        package var stormEvery = 0
        /// How many seconds a storm lasts.
        package var stormLasts = 0
        /// How old what it shows may be, in milliseconds; only where it keeps clocks.
        package var staleMax: Int64 = 0

        package init() {}
    }

    /// What a channel is like for good, other than keeping clocks or not.
    package enum Trait: String, Hashable, Sendable, CaseIterable {
        /// Tells when something changed in whole seconds, and lists changes by that.
        case coarseTimes = "coarse-times"
        /// Lists what was touched last at the end, so that pages shift while they are read.
        case shiftingListings = "shifting-listings"
        /// Cuts titles and sorts tags.
        case lossy
        /// Writes out what is absent.
        case wordy
        /// Goes on from whatever cursor it is shown, one of another data set included.
        case trustsCursors = "trusts-cursors"
    }
}
