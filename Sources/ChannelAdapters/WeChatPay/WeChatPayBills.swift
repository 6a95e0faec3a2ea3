package import Commerce
import Crypto

/// Gives the platform's statements, which are made of a day of Beijing's calendar and come some hours after it.
package struct WeChatPayBills: BillSource {
    let account: WeChatPayAccount
    let client: WeChatPayClient

    /// Every payment and every refund of a day.
    package func bill(of day: CalendarDay) async -> BillAnswer {
        switch await file("/v3/bill/tradebill?bill_date=\(day)&bill_type=ALL&tar_type=GZIP") {
        case .answer(let answer): return answer
        case .file(let bytes):
            do throws(ValidationFailure) {
                let bill = try WeChatPayTradeBill.read(bytes, merchant: account.merchant)
                return bill.lines.isEmpty ? .empty : .bill(bill)
            } catch { return .unknown("the bill of \(day) cannot be read: \(error)") }
        }
    }

    enum File: Sendable {
        case file([UInt8])
        case answer(BillAnswer)
    }

    /// Asks where a file is, and fetches it at once: the address lives for minutes.
    func file(_ target: String) async -> File {
        let json: JSON
        switch await client.send(.get, target) {
        case .unsent(let reason), .unsure(let reason, _): return .answer(.unknown(reason))
        case .refused(let complaint):
            switch complaint.code {
            case "NO_STATEMENT_EXIST": return .answer(.empty)
            case "STATEMENT_CREATING": return .answer(.notYet("\(complaint)"))
            default: return .answer(.refused("\(complaint)"))
            }
        case .done(let answer): json = answer
        }
        do throws(ValidationFailure) {
            let members = try WeChatPayMembers(json)
            guard try members.required("hash_type", max: 16) == "SHA1" else { throw members.fail("hash_type", "is not SHA1") }
            let digest = try members.code("hash_value", max: 64).lowercased()
            guard let path = WeChatPayBills.path(of: try members.code("download_url", max: 2_048)) else {
                throw members.fail("download_url", "is no address of a file")
            }
            return try await download(path, digest: digest)
        } catch { return .answer(.unknown("the answer cannot be read: \(error)")) }
    }

    private func download(_ path: String, digest: String) async throws(ValidationFailure) -> File {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await client.transport.send(try client.request(.get, path, bytesMax: account.billBytesMax))
        } catch { return .answer(.unknown(WeChatPayClient.silence(error).silence ?? "no answer")) }
        guard response.status == 200 else { return .answer(.unknown("the file: \(WeChatPayClient.Complaint(response))")) }
        // No signature is over the file: the digest is, in an answer that was proven.
        let bytes = try Gunzip.read(response.body, bytesMax: account.billBytesMax)
        let found = Insecure.SHA1.hash(data: bytes).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        guard found == digest else { return .answer(.unknown("the file is not the one that was announced: its SHA-1 is \(found)")) }
        return .file(bytes)
    }

    /// Path and query alone: a request that is signed goes nowhere but to the endpoint that is configured.
    static func path(of url: String) -> String? {
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else { return nil }
        let path = url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }
        return path.count > 1 ? String(path) : nil
    }
}
