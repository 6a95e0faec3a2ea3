extension OrderFolding {
    /// What was agreed: the order, its prices, who called it off and who took that back.
    mutating func trade() {
        for fact in facts {
            switch fact.fact {
            case .placed(let order):
                state.placed = order
                state.placedAt = fact.at
            case .cancelled(let cancellation):
                state.cancellations.append(CancellationState(cancellation: cancellation, at: fact.at))
            case .remarked(_, let text): state.remarks.append(text)
            case .invoiced(_, _, let amount): state.invoiced += amount
            case .received, .pickedUp:
                state.receivedAt = state.receivedAt ?? fact.at
                if fact.fact == .pickedUp { state.isPickedUp = true }
            case .completed: state.completedAt = fact.at
            case .repriced(let repricing): state.repricings = max(state.repricings, repricing.number)
            default: break
            }
        }
        state.cancellations.sort { $0.cancellation.number < $1.cancellation.number }
        reinstate()
        price()
    }

    private mutating func reinstate() {
        for fact in facts {
            guard case .reinstated(let number) = fact.fact else { continue }
            expect("cancelled:\(number)", for: fact)
            for index in state.cancellations.indices where state.cancellations[index].cancellation.number == number {
                state.cancellations[index].isReinstated = true
                if state.cancellations[index].cancellation.author != .timeout {
                    state.problems.append(.resurrected(cancellation: number))
                }
            }
        }
    }

    /// The lines as placed, with the shares of the latest repricing that is about the same goods.
    private mutating func price() {
        guard let placed = state.placed else {
            if let first = facts.first { expect("placed", for: first) }
            return
        }
        var priced = placed.lines.map(\.priced)
        for fact in facts {
            guard case .repriced(let repricing) = fact.fact, repricing.number == state.repricings else { continue }
            if repricing.covers(placed.lines) {
                priced = repricing.lines
            } else {
                state.problems.append(.noSuchLine(key: fact.fact.key, line: repricing.lines.count))
            }
        }
        state.lines = zip(placed.lines, priced).map { line, priced in
            OrderLineState(
                line: OrderLine(
                    number: line.number, title: line.title, priced: priced, isSent: line.isSent, components: line.components))
        }
    }
}

extension Repricing {
    /// Whether it is about the same goods in the same numbers.
    func covers(_ others: [OrderLine]) -> Bool {
        lines.count == others.count
            && zip(lines, others).allSatisfy { $0.sku == $1.priced.sku && $0.quantity == $1.quantity }
    }
}
