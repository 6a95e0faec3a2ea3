/// What a case must reach, as a comparison of its medians.
enum Bar {
    case ratioAtLeast(Double)
    case valueAtLeast(Double)
    case valueBelow(Double)
    case p50Below(Double)
    case p99Below(Double)
    case memoryBelow(Double)
    case processorBelow(Double)

    /// - Returns: nil when the figure it speaks of was not measured.
    func isMet(by outcome: Outcome) -> Bool? {
        switch self {
        case .ratioAtLeast(let bar): outcome.ratio.map { $0 >= bar }
        case .valueAtLeast(let bar): outcome.value >= bar
        case .valueBelow(let bar): outcome.value < bar
        case .p50Below(let bar): outcome.p50.map { $0 < bar }
        case .p99Below(let bar): outcome.p99.map { $0 < bar }
        case .memoryBelow(let bar): outcome.memory.map { $0 < bar }
        case .processorBelow(let bar): outcome.processor.map { $0 < bar }
        }
    }

    var words: String {
        switch self {
        case .ratioAtLeast(let bar): "≥ \(Figure.text(bar)) ×"
        case .valueAtLeast(let bar): "≥ \(Figure.text(bar))"
        case .valueBelow(let bar): "< \(Figure.text(bar))"
        case .p50Below(let bar): "p50 < \(Figure.text(bar)) ms"
        case .p99Below(let bar): "p99 < \(Figure.text(bar)) ms"
        case .memoryBelow(let bar): "< \(Figure.text(bar)) MB"
        case .processorBelow(let bar): "< \(Figure.text(bar)) % CPU"
        }
    }
}
