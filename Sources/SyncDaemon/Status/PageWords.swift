import Commerce

/// Every word of the status page in one language.
struct PageWords: Sendable {
    /// Looked up from the template as `{{words.name}}`.
    let labels: [String: String]
    let verdicts: [StatusVerdict: String]
    let states: [ChannelStatus.State: String]
    let breakers: [ChannelStatus.Breaker: String]
    let levels: [StatusEvent.Level: String]
    /// `%c` is the channel, `%n` the count.
    let problems: [StatusProblem.Kind: String]
    let inStep: String
    let never: String
    let unlimited: String
    /// Units of an age, from seconds to days, and what stands around one in the past.
    let ages: (second: String, minute: String, hour: String, day: String)
    let ago: String

    func problem(_ problem: StatusProblem) -> String {
        let text = (problems[problem.kind] ?? problem.kind.rawValue)
            .replacing("%c", with: problem.channel?.text ?? "").replacing("%n", with: String(problem.count))
        return problem.detail.map { "\(text) (\($0))" } ?? text
    }

    /// A span as people say it, in its greatest unit: `45 s`, `3 min`.
    func age(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        return switch seconds {
        case ..<120: "\(seconds)\(ages.second)"
        case ..<7_200: "\(seconds / 60)\(ages.minute)"
        case ..<172_800: "\(seconds / 3_600)\(ages.hour)"
        default: "\(seconds / 86_400)\(ages.day)"
        }
    }

    func past(_ duration: Duration) -> String { ago.replacing("%t", with: age(duration)) }
}
