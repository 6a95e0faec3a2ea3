import Commerce
import Simulation
import TestKit

/// What somebody who is shown a value might make of it.
enum RandomValue {
    static func edit(of shown: JSON?, policy: MergePolicy, random: inout SeededRandom) -> JSON? {
        switch policy {
        case .addWinsSet(let key): set(shown, key, &random)
        case .disjointText: chance(12, &random) ? nil : text(shown, &random)
        case .highest(let field), .lowest(let field):
            chance(12, &random) ? nil : number(field, &random)
        case .mostRestrictive(let field, let order):
            chance(12, &random) ? nil : .object(JSONObject([
                (field, .string(order.randomElement(using: &random) ?? "")),
                ("note", .integer(.random(in: 0..<3, using: &random))),
            ]))
        case .singleOwner, .hubAuthoritative, .lastWriter, .askPerson:
            chance(12, &random) ? nil : .integer(.random(in: 0..<5, using: &random))
        }
    }

    private static func chance(_ oneIn: Int, _ random: inout SeededRandom) -> Bool {
        Int.random(in: 0..<oneIn, using: &random) == 0
    }

    private static func number(_ field: String?, _ random: inout SeededRandom) -> JSON {
        let number = JSON.integer(.random(in: -3..<4, using: &random))
        guard let field else { return number }
        return .object(JSONObject([(field, number), ("note", .integer(.random(in: 0..<3, using: &random)))]))
    }

    private static func set(_ shown: JSON?, _ key: String?, _ random: inout SeededRandom) -> JSON {
        var elements = shown?.array ?? []
        if chance(3, &random) { elements.shuffle(using: &random) }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            if Bool.random(using: &random), !elements.isEmpty {
                elements.remove(at: Int.random(in: 0..<elements.count, using: &random))
                continue
            }
            let name = JSON.string(["茶", "cup", "pot", "a", "b", "c"].randomElement(using: &random) ?? "")
            let element: JSON
            if let key {
                let caption = JSON.integer(.random(in: 0..<3, using: &random))
                element = .object(JSONObject([(key, name), ("alt", caption)]))
                elements.removeAll { $0[key] == name }
            } else {
                element = name
                elements.removeAll { $0 == name }
            }
            elements.insert(element, at: Int.random(in: 0...elements.count, using: &random))
        }
        return .array(elements)
    }

    private static func text(_ shown: JSON?, _ random: inout SeededRandom) -> JSON {
        var object = shown?.object ?? JSONObject([("title", "壶"), ("body", "<p>1</p><p>2</p><p>3</p><p>4</p>")])
        let word = String(Int.random(in: 0..<9, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: object["title"] = .string("壶\(word)")
        case 1: object["keywords"] = chance(3, &random) ? nil : .string(word)
        default:
            var paragraphs = (object["body"]?.string ?? "").split(separator: "</p>").map { $0 + "</p>" }
            let place = Int.random(in: 0...paragraphs.count, using: &random)
            if place < paragraphs.count, !chance(3, &random) {
                if chance(4, &random) { paragraphs.remove(at: place) } else { paragraphs[place] = "<p>\(word)</p>" }
            } else {
                paragraphs.insert("<p>+\(word)</p>", at: place)
            }
            object["body"] = .string(paragraphs.joined())
        }
        return .object(object)
    }
}
