import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mall

extension AdminAPI {
    var billRoutes: [Route] { billReadRoutes + billActRoutes + parcelRoutes }

    private static let billPath = "\(root)/bills"

    private var billReadRoutes: [Route] {
        [
            Route(
                .get, AdminAPI.billPath, .operators(.read), .operators, "Accounts whose bills are compared",
                answers: [.json("BillAccountList", "Their names.")]
            ) { _ in .json(["data": .array(try await bills.billAccounts().map(JSON.string)), "next": .null]) },
            Route(
                .get, "\(AdminAPI.billPath)/{gateway}/{day}", .operators(.read), .operators,
                "What a day's bill and our books differ in, as it was compared last",
                answers: [.json("BillReport", "Sums, fees, and every difference that was ever found.")]
            ) { exchange in .json(try await bills.bill(try exchange.path("gateway"), try AdminAPI.day(exchange))) },
        ]
    }

    private var billActRoutes: [Route] {
        [
            Route(
                .post, "\(AdminAPI.billPath)/{gateway}/{day}/look", .operators(.operate), .operators,
                "Take a day's bill now and compare it", answers: [.json("BillReport", "Nothing was repaired.")]
            ) { exchange in .json(try await bills.lookAtBill(try exchange.path("gateway"), try AdminAPI.day(exchange))) },
            Route(
                .post, "\(AdminAPI.billPath)/{gateway}/{day}/repair", .operators(.operate), .operators,
                "Do what can be done about a day's differences without a person",
                answers: [.json("BillReport", "What is left is for a person, and says why.")]
            ) { exchange in
                .json(try await bills.repairBill(try exchange.path("gateway"), try AdminAPI.day(exchange), by: exchange.principal))
            },
            Route(
                .post, "\(AdminAPI.root)/bill-differences/{number}/explanation", .operators(.operate), .operators,
                "Say why a difference is none", body: jsonBody("BillExplanation"),
                answers: [.json("BillDifference", "It stays explained while both sides say the same.")]
            ) { exchange in
                let reason = try exchange.object(["reason"]).requiredText("reason", bytesMax: 2_000)
                let number = try AdminAPI.number(try exchange.path("number"), "number")
                return .json(try await bills.explainDifference(number, reason: reason, by: exchange.principal))
            },
        ]
    }

    private var parcelRoutes: [Route] {
        let path = "\(AdminAPI.root)/parcel-notices"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Parcels a person should look at, newest first",
                parameters: [.query("open", .boolean, "Only those nobody has dealt with.")] + RouteParameter.page,
                answers: [.json("ParcelNoticeList", "Stalled, returned, refused and whatever else goes wrong on the way.")]
            ) { exchange in .json(try await bills.parcelNotices(open: try exchange.flag("open"), try exchange.page()).json(\.json)) },
            Route(
                .post, "\(path)/{number}/settle", .operators(.operate), .operators, "Note that a parcel's notice was dealt with",
                answers: [.empty(204, "It is settled.")]
            ) { exchange in
                try await bills.settleParcelNotice(try AdminAPI.number(try exchange.path("number"), "number"), by: exchange.principal)
                return .noContent
            },
        ]
    }

    private static func day(_ exchange: Exchange) throws(Problem) -> CalendarDay {
        guard let day = CalendarDay(try exchange.path("day")) else { throw .invalid("day", "must be a day such as 2026-12-01") }
        return day
    }
}
