import Commerce

/// What a push of routes says: new nodes, of one parcel or several, in JSON or as XML in a form.
struct SFPush {
    let routes: [SFRoute]

    /// What came, before it is known whether its nodes can be read.
    enum Shape {
        case json(ReportedValue)
        case xml([SFRouteAttributes])

        /// - Throws: ``ValidationFailure`` for what is neither.
        init(_ body: [UInt8]) throws(ValidationFailure) {
            let start = body.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            switch start {
            case UInt8(ascii: "{"): self = .json(try ReportedValue.parse(body, field: "body"))
            case UInt8(ascii: "<"): self = .xml(try SFRouteDocument.read(body))
            default: self = .xml(try SFRouteDocument.read(Array(try PostedFields(body).required("content").utf8)))
            }
        }
    }

    init(_ body: [UInt8]) throws(ValidationFailure) { try self.init(Shape(body)) }

    init(_ shape: Shape) throws(ValidationFailure) {
        var routes: [SFRoute] = []
        switch shape {
        case .json(let value):
            let list = value["Body"]["WaybillRoute"]
            // A single one may come without its list.
            let elements = list.json.object == nil ? try list.list(max: ReportLimits.events, field: "Body.WaybillRoute") : [list]
            for (index, element) in elements.enumerated() {
                let field = "Body.WaybillRoute[\(index)]"
                routes.append(
                    try SFRoute(number: element["mailno"].text(max: 65), field: field) { name, max in element[name].text(max: max) })
            }
        case .xml(let elements):
            for (index, attributes) in elements.enumerated() {
                func text(_ name: String, _ max: Int) -> String {
                    ReportedValue(.string(attributes.values[name] ?? "")).text(max: max)
                }
                routes.append(try SFRoute(number: text("mailno", 65), field: "WaybillRoute[\(index)]", text))
            }
        }
        guard !routes.isEmpty else { throw ValidationFailure(field: "WaybillRoute", reason: "is required") }
        for (index, route) in routes.enumerated() where route.id.isEmpty {
            throw ValidationFailure(field: "WaybillRoute[\(index)].id", reason: "is required")
        }
        self.routes = routes
    }
}
