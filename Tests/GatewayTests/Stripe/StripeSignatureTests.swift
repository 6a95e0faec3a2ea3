@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing

@Suite struct StripeSignatureTests {
    private static let now = Timestamp(milliseconds: 1_780_315_200_000)
    private static let secret = Secret("whsec_test/secret+1")

    private func signature(_ secrets: [Secret] = [secret]) -> StripeSignature { StripeSignature(secrets: secrets, tolerance: .seconds(300)) }

    private func fault(_ body: [UInt8], _ header: String?, _ secrets: [Secret] = [secret], at now: Timestamp = now) -> CallbackFault? {
        do throws(CallbackFault) { try signature(secrets).verify(body, header: header, at: now) } catch { return error }
        return nil
    }

    @Test(arguments: ["{}", "{\"id\":\"evt_1\",\"text\":\"灯 \\u00e9\\n\"}", " {\"a\" : 1.50 }\r\n"])
    func `what we sign the maker's own client accepts, and what it signs we accept`(body: String) throws {
        let header = signature().sign(Array(body.utf8), at: Self.now)
        let theirs = try PythonPeer.run(
            """
            import sys, time, stripe
            now = int(sys.argv[3]); time.time = lambda: now
            body = sys.stdin.buffer.read().decode()
            stripe.WebhookSignature.verify_header(body, sys.argv[1], sys.argv[2], 300)
            try:
                stripe.WebhookSignature.verify_header(body + ' ', sys.argv[1], sys.argv[2], 300)
                sys.exit('an altered body was accepted')
            except stripe.SignatureVerificationError: pass
            print(stripe.WebhookSignature.generate_signature_header(body, sys.argv[2], now), end='')
            """, [header, Self.secret.revealed, String(Self.now.milliseconds / 1_000)], input: Array(body.utf8))
        #expect(theirs == header)
        #expect(fault(Array(body.utf8), theirs) == nil)
    }

    @Test func `the key is the secret's whole text, as any other tool computes it`() throws {
        let body = "{\"id\":\"evt_1\"}"
        let seconds = String(Self.now.milliseconds / 1_000)
        let code = try PythonPeer.run(
            """
            import subprocess, sys
            out = subprocess.run(['openssl', 'dgst', '-sha256', '-hmac', sys.argv[1]], input=sys.stdin.buffer.read(), capture_output=True, check=True)
            print(out.stdout.decode().split()[-1], end='')
            """, [Self.secret.revealed], input: Array("\(seconds).\(body)".utf8))
        #expect(signature().sign(Array(body.utf8), at: Self.now) == "t=\(seconds),v1=\(code)")
        #expect(fault(Array(body.utf8), "t=\(seconds),v1=\(code)") == nil)
    }

    @Test(arguments: [(0, true), (299, true), (300, true), (301, false), (-299, true), (-300, true), (-301, false)])
    func `a signature is good for 300 seconds either way and not one more`(age: Int64, isTaken: Bool) {
        let header = signature().sign([1, 2], at: Self.now)
        let fault = fault([1, 2], header, at: Self.now + .seconds(age))
        #expect(fault == (isTaken ? nil : .stale(by: .seconds(age))))
    }

    @Test func `while a secret is changed both are good, and afterwards the old one is not`() {
        let (old, new) = (Secret("whsec_old"), Secret("whsec_new"))
        let byOld = signature([old]).sign([7], at: Self.now)
        let byBoth = signature([old, new]).sign([7], at: Self.now)
        #expect(fault([7], byOld, [new, old]) == nil)
        #expect(fault([7], byBoth, [new]) == nil)
        #expect(fault([7], byBoth, [old]) == nil)
        #expect(fault([7], byOld, [new]) == .forged(reason: "no signature matches the body"))
        // As a decoded key, the way another standard takes secrets that look alike, nothing fits.
        #expect(fault([7], byOld, [Secret("old")]) == .forged(reason: "no signature matches the body"))
    }

    @Test func `a signature of another scheme counts for nothing`() throws {
        let header = signature().sign([7], at: Self.now)
        #expect(fault([7], header + ",v0=00") == nil)
        let downgraded = header.replacingOccurrences(of: "v1=", with: "v0=")
        #expect(fault([7], downgraded) == .malformed(field: "stripe-signature", reason: "has no signature of the scheme v1"))
    }

    @Test(arguments: ["", "t", "t=,v1=aa", "t=1x,v1=aa", "v1=aa", "t=99999999999999999999,v1=aa", "t=-1,v1=aa", "=,=", ",,,", "t=1"])
    func `a header that is none is malformed`(header: String) {
        guard case .malformed(let field, _) = fault([7], header) else { Issue.record("\(header)"); return }
        #expect(field == "stripe-signature")
    }

    @Test func `no header, a truncated code, another body and a flipped bit are refused`() {
        let header = signature().sign([7, 8], at: Self.now)
        #expect(fault([7, 8], nil) == .malformed(field: "stripe-signature", reason: "is missing"))
        for wrong in [String(header.dropLast()), String(header.dropLast(32)), header + "0", header.uppercased().replacingOccurrences(of: "T=", with: "t=").replacingOccurrences(of: "V1=", with: "v1=")] {
            #expect(fault([7, 8], wrong) == .forged(reason: "no signature matches the body"))
        }
        #expect(fault([7], header) == .forged(reason: "no signature matches the body"))
        let last = header.last == "0" ? "1" : "0"
        #expect(fault([7, 8], header.dropLast() + last) == .forged(reason: "no signature matches the body"))
    }

    @Test func `many signatures of a stranger's are not all looked at`() {
        let good = signature().sign([7], at: Self.now)
        let code = good.split(separator: ",")[1]
        let zeros = String(repeating: "0", count: 64)
        let flood = "t=\(Self.now.milliseconds / 1_000)" + String(repeating: ",v1=\(zeros)", count: 16) + ",\(code)"
        #expect(fault([7], flood) == .forged(reason: "no signature matches the body"))
        #expect(fault([7], good + String(repeating: ",v1=\(zeros)", count: 100)) != nil)
    }
}
