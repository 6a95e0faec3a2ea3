import Commerce

/// How bad a finding is; what a script goes by.
enum Grade: String, Sendable, CaseIterable, Comparable {
    case ok, notice, warning, failure

    static func < (left: Grade, right: Grade) -> Bool { left.rank < right.rank }
    private var rank: Int { Grade.allCases.firstIndex(of: self) ?? 0 }

    /// What `heyi doctor` ends with.
    var exitCode: Int32 {
        switch self {
        case .ok, .notice: 0
        case .warning: 1
        case .failure: 2
        }
    }
}

/// One thing that is not as it should be, with what to do about it.
struct Symptom: Hashable, Sendable {
    let grade: Grade
    /// In words of ours: numbers, channels and places of this host, nothing that came from outside.
    let text: String
    /// What somebody else said about it. Shown to the operator, never put into a support bundle.
    var detail: String?
    /// The next command to run.
    let next: String

    init(_ grade: Grade, _ text: String, detail: String? = nil, next: String) {
        self.grade = grade
        self.text = text
        self.detail = detail
        self.next = next
    }

    /// A problem of the status report, in the same words and with the same next command.
    init(_ kind: StatusProblem.Kind, _ channel: ChannelID? = nil, count: Int = 1, detail: String? = nil, grade: Grade? = nil) {
        let problem = StatusProblem(kind: kind, channel: channel, count: count, detail: nil)
        let usual: Grade =
            switch kind.gravity {
            case .note: .notice
            case .degraded: .warning
            case .down: .failure
            }
        self.init(grade ?? usual, PageWords.english.problem(problem), detail: detail, next: problem.next)
    }

    var json: JSON {
        [
            "level": .string(grade.rawValue), "text": .string(text), "detail": detail.map(JSON.string) ?? .null,
            "next": .string(next),
        ]
    }
}
