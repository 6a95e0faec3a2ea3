import Commerce

/// Takes pushes of routes, which nothing signs: the end of the address they come to is the secret.
struct SFReceiver: CallbackReceiver {
    let account: SFAccount

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        guard WireDigest.isAny(callback.tail, of: account.pushTokens.map(\.revealed)) else {
            throw .forged(reason: "the address does not end in a token that is in force")
        }
        let shape: SFPush.Shape
        do throws(ValidationFailure) { shape = try SFPush.Shape(callback.body) } catch {
            throw .malformed(field: error.field, reason: error.reason)
        }
        do throws(ValidationFailure) {
            let routes = try SFPush(shape).routes
            return .keep(WireDigest.eventKey(["routes", String(routes.count)], body: SFReceiver.essence(of: routes)))
        } catch {
            return .keep(WireDigest.eventKey(["unread"], body: callback.body))
        }
    }

    /// Its nodes, in whatever order they came: after one refusal the whole batch comes again, maybe put together otherwise. A batch of
    /// other nodes, or of one that was put right, is another; nodes that were known already change nothing when they are heard again.
    func essence(of body: [UInt8]) -> [UInt8] {
        do throws(ValidationFailure) { return SFReceiver.essence(of: try SFPush(body).routes) } catch { return body }
    }

    private static func essence(of routes: [SFRoute]) -> [UInt8] {
        let nodes = Set(routes.map { route in
            JSON.array([
                .string(route.number), .string(route.id), .integer(route.event.at.milliseconds), .string(route.event.phase.rawValue),
                .string(route.event.code), .string(route.event.text), .string(route.event.place ?? ""),
            ]).text
        })
        return Array(nodes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "\n").utf8)
    }

    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        switch verdict {
        case .kept, .quarantined: reply(200, isTaken: true)
        case .refused(let fault): reply(fault.isForeignHand ? 404 : 400, isTaken: false)
        case .unavailable: reply(503, isTaken: false)
        }
    }

    private func reply(_ status: Int, isTaken: Bool) -> CallbackAnswer {
        switch account.pushMode {
        case .json:
            let text =
                isTaken ? #"{"return_code":"0000","return_msg":"成功"}"# : #"{"return_code":"1000","return_msg":"系统异常"}"#
            return CallbackAnswer(status, contentType: "application/json; charset=utf-8", body: Array(text.utf8))
        case .form:
            let head = isTaken ? "<Head>OK</Head>" : #"<Head>ERR</Head><ERROR code="4001">系统发生数据错误或运行时异常</ERROR>"#
            let text = #"<Response service="RoutePushService">\#(head)</Response>"#
            return CallbackAnswer(status, contentType: "text/xml; charset=utf-8", body: Array(text.utf8))
        }
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        SFRoute.reports(try SFPush(body).routes, of: SFTracker.carrier).map(GatewayNews.parcel)
    }
}
