import Commerce

extension MappingRule {
    /// The value the rule builds, nil when the source has nothing for it.
    ///
    /// - Throws: the fault, placed at the path whose value does not fit.
    func value(in scope: SourceScope, currency: Currency, line: Int) throws(RowFault) -> JSON? {
        switch self {
        case .constant(let value): return value.present
        case .from(let paths, let conversion, let otherwise):
            for path in paths {
                guard let found = path.value(in: scope) else { continue }
                return try conversion.apply(to: found, path: path.text, currency: currency, line: line)
            }
            return otherwise
        case .template(let pieces): return MappingRule.filled(pieces, scope)
        case .each(let path, let item):
            var values: [JSON] = []
            for element in path.value(in: scope)?.array ?? [] {
                if let value = try item.value(in: scope.inside(element), currency: currency, line: line) {
                    values.append(value)
                }
            }
            return JSON.present(values)
        case .object(let members):
            var object = JSONObject()
            // Constants alone describe nothing: a picture without an address is no picture.
            var isFilled = members.allSatisfy { $0.rule.isConstant }
            for member in members {
                let value = try member.rule.value(in: scope, currency: currency, line: line)
                object[member.name] = value
                if value != nil, !member.rule.isConstant { isFilled = true }
            }
            return isFilled ? JSON.present(object) : nil
        case .array(let rules):
            var values: [JSON] = []
            for rule in rules {
                guard let value = try rule.value(in: scope, currency: currency, line: line) else { continue }
                values.append(value)
            }
            return JSON.present(values)
        }
    }

    private var isConstant: Bool { if case .constant = self { true } else { false } }

    private static func filled(_ pieces: [Piece], _ scope: SourceScope) -> JSON? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .value(let path):
                guard let value = path.value(in: scope).flatMap(Conversion.text) else { return nil }
                text += value
            }
        }
        return .string(text)
    }
}

extension MappingRule.Conversion {
    func apply(to value: JSON, path: String, currency: Currency, line: Int) throws(RowFault) -> JSON? {
        if let separator, let text = value.string {
            var parts: [JSON] = []
            for part in text.split(separator: separator).map({ String($0).trimmed }) where !part.isEmpty {
                if let value = try convert(.string(part), path, currency, line) { parts.append(value) }
            }
            return JSON.present(parts)
        }
        switch (kind, value) {
        case (.path, .array(let titles)): return .array([.array(titles.compactMap(Self.text).map(JSON.string))])
        case (.path, .string(let text)): return .array([.array(CategoryPath.split(text).map(JSON.string))])
        case (.distinct, .array(let values)):
            var met: Set<JSON> = []
            return .array(values.filter { met.insert($0).inserted })
        case (_, .array(let values)):
            var converted: [JSON] = []
            for value in values {
                if let value = try convert(value, path, currency, line) { converted.append(value) }
            }
            return .array(converted)
        default: return try convert(value, path, currency, line)
        }
    }

    private func convert(_ value: JSON, _ path: String, _ currency: Currency, _ line: Int) throws(RowFault) -> JSON? {
        let text = Self.text(value)
        func fault(_ reason: String) -> RowFault {
            RowFault(line: line, column: path, value: text ?? value.text, reason: reason)
        }
        if let words {
            guard let text, let meant = words[text] else {
                throw fault("not one of the words the mapping file knows: \(words.keys.sorted().joined(separator: ", "))")
            }
            return meant.present
        }
        guard kind != .asIs, kind != .distinct, kind != .path else { return value }
        guard let text else { throw fault("expected a single value, got \(value.typeName)") }
        switch kind {
        case .text, .html: return .string(text)
        case .integer:
            guard let number = Int64(text.trimmed) else { throw fault("not a whole number") }
            return .integer(number)
        case .bool:
            guard let yes = CellBool.value(of: text.trimmed) else { throw fault(CellBool.reason) }
            return .bool(yes)
        case .money:
            do throws(MoneyFault) { return .integer(try currency.minorUnits(text)) } catch { throw fault(error.reason) }
        case .scaled:
            do throws(DecimalText.Failure) {
                return .integer(try DecimalText.rounded(text, digits: digits))
            } catch { throw fault("not a number") }
        case .asIs, .path, .distinct: return value
        }
    }

    /// The value as a text, nil for arrays, objects and null.
    static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .decimal(let literal): literal
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}
