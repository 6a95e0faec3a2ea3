/// Which facts lead from which state to which; drawn in `docs/state-machines.md`, held against the folds by tests.
///
/// Made of what may be written by its rules. Facts that come in another order than they
/// happened in may skip states; they end in the same one.
package struct StateChart<State: RawRepresentable & Hashable & Sendable>: Sendable where State.RawValue == String {
    package struct Edge: Hashable, Sendable {
        /// Nil before anything was told.
        package let from: State?
        package let to: State
        package let by: [String]
    }

    package let edges: [Edge]

    /// The chart as Mermaid draws it, an edge a line.
    package var mermaid: String {
        let lines = edges.map { edge in
            "    \(edge.from.map(StateChart.name) ?? "[*]") --> \(StateChart.name(edge.to)): \(edge.by.joined(separator: ", "))"
        }
        return (["stateDiagram-v2"] + lines).joined(separator: "\n")
    }

    /// Mermaid takes a hyphen for the beginning of an arrow.
    private static func name(_ state: State) -> String { state.rawValue.replacing("-", with: "_") }
}

extension StateChart where State == OrderPhase {
    package static let order = StateChart(edges: [
        edge(nil, .expected, .paid, .cancelled),
        edge(nil, .awaitingPayment, .placed),
        edge(nil, .paid, .placed),
        edge(.expected, .awaitingPayment, .placed),
        edge(.expected, .paid, .placed),
        edge(.expected, .cancelled, .placed),
        edge(.awaitingPayment, .paid, .paid, .repriced),
        edge(.awaitingPayment, .cancelled, .cancelled),
        edge(.cancelled, .paid, .reinstated),
        edge(.paid, .cancelled, .cancelled),
        edge(.paid, .partlyShipped, .shipped),
        edge(.paid, .shipped, .shipped),
        edge(.paid, .received, .pickedUp, .received),
        edge(.paid, .closed, .refundSettled, .afterSale),
        edge(.partlyShipped, .shipped, .shipped, .afterSale),
        edge(.partlyShipped, .cancelled, .cancelled),
        edge(.partlyShipped, .closed, .refundSettled),
        edge(.shipped, .received, .received),
        edge(.shipped, .cancelled, .cancelled),
        edge(.shipped, .closed, .refundSettled, .afterSale),
        edge(.received, .completed, .completed),
        edge(.received, .closed, .refundSettled, .afterSale),
        edge(.completed, .closed, .refundSettled, .afterSale),
    ])

    private static func edge(_ from: OrderPhase?, _ to: OrderPhase, _ by: OrderFact.Kind...) -> Edge {
        Edge(from: from, to: to, by: by.map(\.rawValue))
    }
}

extension StateChart where State == AfterSalePhase {
    package static let afterSale = StateChart(edges: [
        edge(nil, .asked, "asked"),
        edge(.asked, .agreed, "answered"),
        edge(.asked, .declined, "answered"),
        edge(.asked, .offered, "answered"),
        edge(.asked, .refunding, "answered"),
        edge(.asked, .resending, "answered"),
        edge(.asked, .settled, "answered"),
        edge(.asked, .disputed, "complained"),
        edge(.asked, .withdrawn, "withdrawn"),
        edge(.offered, .agreed, "answered"),
        edge(.offered, .asked, "answered"),
        edge(.offered, .declined, "answered"),
        edge(.offered, .refunding, "answered"),
        edge(.offered, .resending, "answered"),
        edge(.offered, .settled, "answered"),
        edge(.offered, .disputed, "complained"),
        edge(.offered, .withdrawn, "withdrawn"),
        edge(.agreed, .declined, "answered"),
        edge(.agreed, .disputed, "complained"),
        edge(.agreed, .returning, "sent"),
        edge(.agreed, .refunding, "taken"),
        edge(.agreed, .resending, "taken"),
        edge(.agreed, .settled, "taken"),
        edge(.agreed, .withdrawn, "withdrawn"),
        edge(.returning, .disputed, "complained"),
        edge(.returning, .refunding, "taken"),
        edge(.returning, .resending, "taken"),
        edge(.returning, .settled, "taken"),
        edge(.refunding, .declined, "answered"),
        edge(.refunding, .offered, "answered"),
        edge(.refunding, .settled, "refund-settled"),
        edge(.resending, .declined, "answered"),
        edge(.resending, .offered, "answered"),
        edge(.resending, .settled, "reshipped"),
        edge(.declined, .agreed, "answered"),
        edge(.declined, .offered, "answered"),
        edge(.declined, .refunding, "answered"),
        edge(.declined, .resending, "answered"),
        edge(.declined, .settled, "answered"),
        edge(.declined, .disputed, "complained"),
        edge(.disputed, .agreed, "arbitrated"),
        edge(.disputed, .dismissed, "arbitrated"),
        edge(.disputed, .refunding, "arbitrated"),
        edge(.disputed, .resending, "arbitrated"),
        edge(.disputed, .returning, "arbitrated"),
        edge(.disputed, .settled, "arbitrated"),
        edge(.disputed, .withdrawn, "withdrawn"),
    ])

    private static func edge(_ from: AfterSalePhase?, _ to: AfterSalePhase, _ by: String...) -> Edge {
        Edge(from: from, to: to, by: by)
    }
}
