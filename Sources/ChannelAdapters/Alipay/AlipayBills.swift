import Commerce

/// The platform's statements of trades, by its own days.
struct AlipayBills: BillSource {
    let client: AlipayClient

    private static let archiveBytesMax = 32 << 20

    func bill(of day: CalendarDay) async -> BillAnswer {
        let now = client.surroundings.time.now()
        guard day < CalendarDay(at: now, offset: BeijingTime.offset) else { return .notYet("that day is not over in Beijing") }
        let answer = await client.call(
            AlipayRequest(
                method: "alipay.data.dataservice.bill.downloadurl.query",
                content: ["bill_type": "trade", "bill_date": .string(day.description)]))
        switch answer {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone:
            // The address is good for half a minute, so it is used at once and kept nowhere.
            guard let url = reply.content["bill_download_url"]?.string, url.hasPrefix("https://") || url.hasPrefix("http://") else {
                return .unknown("the answer has no address")
            }
            return await statement(url)
        case .told(let reply) where reply.subCode.lowercased().hasSuffix("bill_not_exist"):
            // The same is said of a statement that is not made yet and of a day without trades.
            let ready = day.next.start(offset: BeijingTime.offset) + .seconds(client.account.billHour * 3_600)
            return now < ready ? .notYet(reply.words) : .empty
        case .told(let reply):
            // Too many questions are answered with the code of a missing permission.
            let isFinal = (reply.code == "40006" || reply.code == "40002") && !reply.subCode.contains("limited")
            return isFinal ? .refused(reply.words) : .unknown(reply.words)
        }
    }

    private func statement(_ url: String) async -> BillAnswer {
        let file = await client.file(url, bytesMax: AlipayBills.archiveBytesMax)
        guard let response = file.response else { return .unknown(file.words) }
        guard response.status == 200 else { return .unknown("the statement's address answers with status \(response.status)") }
        do throws(ValidationFailure) {
            let bill = try AlipayStatement.read(try ZipArchive.contents(of: response.body))
            return bill.lines.isEmpty && bill.totals.allSatisfy { $0.amount.amount == 0 && ($0.count ?? 0) == 0 } ? .empty : .bill(bill)
        } catch {
            return .unknown("the statement cannot be read: \(error)")
        }
    }
}
