import Commerce
import Simulation
import TestKit
import Testing

@Suite struct ProjectionTests {
    private let unit = UnitName("text.zh-CN")

    private func title(_ text: String) -> JSON { ["title": .string(text), "n": 149] }

    @Test func `what a channel would store it would store unchanged`() throws {
        let unit = try #require(unit)
        let effects: [ProjectionRule.Effect] = [.truncate(characters: 4), .stripHTML]
        var random = SeededRandom(seed: 7)
        for rules in [effects, effects.reversed()] {
            let projection = Projection(rules: rules.map { ProjectionRule(family: "text", member: "title", effect: $0) })
            for _ in 0..<2_000 {
                let letters = (0..<8).map { _ in ["a", " ", "<b>", "&lt;", "壶", "&amp;", "<", ">"].randomElement(using: &random) ?? "" }
                let once = projection.apply(to: title(letters.joined()), unit: unit)
                #expect(projection.apply(to: once, unit: unit) == once, "\(letters)")
            }
        }
    }

    @Test func `a rule touches its own family and member alone`() throws {
        let unit = try #require(unit)
        func apply(_ family: String, _ member: String, _ effect: ProjectionRule.Effect) -> JSON {
            let rule = ProjectionRule(family: family, member: member, effect: effect)
            return Projection(rules: [rule]).apply(to: title("紫砂壶"), unit: unit)
        }
        #expect(apply("text", "title", .truncate(characters: 2)) == title("紫砂"))
        #expect(apply("text", "title", .drop) == ["n": 149])
        #expect(apply("text", "n", .round(unit: 100)) == ["title": "紫砂壶", "n": 100])
        #expect(apply("tags", "title", .drop) == title("紫砂壶"))
        #expect(apply("text", "brief", .drop) == title("紫砂壶"))
    }
}
