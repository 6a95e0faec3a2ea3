import ChannelAdapters
import Commerce
import Foundation
import Store
import TestKit
import Testing

@testable import SyncDaemon

/// Accounts at platforms and the money in doubt, in everything that shows how the daemon is.
@Suite struct StatusGatewayTests {
    private var report: StatusReport {
        var report = StatusReport.calm
        var figures = GatewayFigures()
        (figures.paymentsInDoubt, figures.firstPaymentInDoubt) = (2, report.at + .seconds(-10_800))
        (figures.refundsUnknown, figures.refundTriesMost, figures.parcelsFollowed, figures.parcelsStalled) = (1, 2, 7, 3)
        var waiting = GatewayFigures.Account()
        (waiting.quarantined, waiting.differences, waiting.lastCallback) = (1, 4, report.at + .seconds(-120))
        func account(_ id: String, _ fault: String?, _ figures: GatewayFigures.Account) -> GatewaysStatus.Account {
            GatewaysStatus.Account(
                report: GatewayReport(
                    id: ChannelID(id)!, kind: .weChatPay, parts: ["payments"], fault: fault, callbackURL: nil, admitted: 9, refused: 5,
                    lastAdmitted: nil, lastRefused: nil, lastRefusal: nil), figures: figures)
        }
        report.gateways = GatewaysStatus(
            accounts: [account("wxpay", nil, waiting), account("wx2", "merchant_key: <cannot> be read", GatewayFigures.Account())], figures: figures)
        return report
    }

    @Test func `an account that is not connected and money nobody knows the end of are problems, each with a command`() {
        let problems = report.problems
        #expect(problems.map(\.kind) == [.gatewayFault, .moneyInDoubt, .billDiffers])
        #expect(problems.map(\.next) == ["heyi gateway check wx2", "heyi order timers", "heyi reconcile payments --gateway wxpay"])
        // The refund is a minute old.
        #expect(problems[1].count == 2)
        #expect(StatusReport.calm.problems.isEmpty)
    }

    @Test func `a terminal shows each account, when it was last heard, and the money`() {
        let lines = StatusScreen.lines(report.json, now: report.at, width: 200)
        #expect(lines.contains("gateway wxpay (wechat-pay): connected, heard 2m ago, 5 refused"), "\(lines)")
        #expect(lines.contains("gateway wx2 (wechat-pay): fault: merchant_key: <cannot> be read, not heard yet, 5 refused"))
        #expect(lines.contains("money 2 payments in doubt, 1 refunds unknown, 0 refused · parcels 7 followed, 3 stalled"))
        #expect(!StatusScreen.lines(StatusReport.calm.json, now: report.at, width: 200).contains { $0.hasPrefix("money") })
    }

    @Test func `a scrape has each account and how long money has been in doubt`() {
        let page = MetricsPage(metrics: Metrics(), report: report, process: nil).text
        for line in [
            #"heyi_gateway_connected{gateway="wxpay"} 1"#, #"heyi_gateway_connected{gateway="wx2"} 0"#,
            #"heyi_gateway_callbacks_total{gateway="wxpay",result="refused"} 5"#, #"heyi_gateway_callbacks_waiting{gateway="wxpay",state="quarantined"} 1"#,
            #"heyi_gateway_bill_differences_open{gateway="wxpay"} 4"#, "heyi_payments_in_doubt 2", "heyi_payments_in_doubt_oldest_seconds 10800",
            #"heyi_refunds_waiting{state="unknown"} 1"#, "heyi_refunds_unknown_oldest_seconds 30", #"heyi_parcels{state="stalled"} 3"#,
        ] { #expect(page.contains(line + "\n"), "\(line)") }
    }
}
