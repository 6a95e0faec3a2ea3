package import Commerce
package struct Resolver {
    let authority: any Authority
    package init(policy: MergePolicy, authority: any Authority, history: any UnitHistory, validate: @escaping (JSON) throws(ValidationFailure) -> JSON) { self.authority = authority }
    package func resolve(_ siblings: Siblings<JSON?>) -> Resolution {
        let hub = siblings.versions.filter { authority.isHub($0.dot.actor) }.max(by: Version.precedes) ?? siblings.versions.max(by: Version.precedes)!
        return Resolution(live: hub.value, overruled: [], question: .proposal)
    }
}
